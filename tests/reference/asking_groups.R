# Computes what the tests of adjusted differences and of changes between two waves are held against,
# from data.csv and panel_data.csv.
#
#   Rscript asking_groups.R
#
# Debian 12: r-cran-sandwich r-cran-emmeans r-cran-car r-cran-effectsize. Writes asking_groups_r.csv
# (one statistic a row, 17 significant digits).

suppressPackageStartupMessages({
  library(sandwich)
  library(emmeans)
  library(car)
  library(effectsize)
})
results <- list()
put <- function(analysis, row, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, statistic = statistic, value = sprintf("%.17g", as.numeric(value))
  )
}

# ---- groups with controls, one of them categorical
data <- read.csv("data.csv")
data$groep <- factor(data$groep)
# three kinds of schooling, so that nobody is alone in one
data$klas <- cut(data$opleidingsniveau, c(-Inf, 4, 6, Inf), labels = c("laag", "midden", "hoog"))
used <- na.omit(data[c("scholing", "groep", "netwerken", "leeftijd", "klas")])

fit <- lm(scholing ~ groep + netwerken + leeftijd + klas, used)
put("adjusted", "", "n", nrow(used))
# type II: the groups beside all controls
test <- Anova(fit)["groep", ]
put("adjusted", "", "f", test[["F value"]])
put("adjusted", "", "p", test[["Pr(>F)"]])
put("adjusted", "", "df2", fit$df.residual)
omega <- omega_squared(Anova(fit), partial = TRUE)
eta <- eta_squared(Anova(fit), partial = TRUE)
put("adjusted", "", "omega2", omega$Omega2_partial[omega$Parameter == "groep"])
put("adjusted", "", "eta2", eta$Eta2_partial[eta$Parameter == "groep"])
groups <- grep("^groep", names(coef(fit)))
robust <- vcovHC(fit, type = "HC3")
wald <- linearHypothesis(fit, names(coef(fit))[groups], vcov. = robust)
put("adjusted", "", "f_hc3", wald$F[2])
put("adjusted", "", "p_hc3", wald$`Pr(>F)`[2])
# limits of the noncentrality, which make those of the partial share
f <- test[["F value"]]
df1 <- length(groups)
df2 <- fit$df.residual
ncp <- sapply(c(.975, .025), function(share) {
  excess <- function(l) pf(f, df1, df2, l) - share
  if (excess(0) < 0) 0 else uniroot(excess, c(0, 200), tol = 1e-12)$root
})
put("adjusted", "", "low", ncp[1] / (ncp[1] + nrow(used)))
put("adjusted", "", "high", ncp[2] / (ncp[2] + nrow(used)))
# means at the mean of every column of the controls
design <- model.matrix(fit)
held <- colMeans(design[, -c(1, groups)])
levels_ <- levels(used$groep)
rows <- t(sapply(levels_, function(level) {
  row <- setNames(rep(0, ncol(design)), colnames(design))
  row[1] <- 1
  own <- paste0("groep", level)
  if (own %in% names(row)) row[own] <- 1
  row[names(held)] <- held
  row
}))
put("emmeans", "", "same", max(abs(
  rows %*% coef(fit) - summary(emmeans(fit, "groep", weights = "proportional"))$emmean
)))
sd <- sqrt(sum(tapply(used$scholing, used$groep, function(y) sum((y - mean(y))^2))) /
  (nrow(used) - length(levels_)))
for (i in seq_along(levels_)) {
  put("adjusted", levels_[i], "mean", rows[i, ] %*% coef(fit))
  put("adjusted", levels_[i], "se", sqrt(rows[i, ] %*% vcov(fit) %*% rows[i, ]))
  for (j in seq_along(levels_)) if (i < j) {
    row <- rows[i, ] - rows[j, ]
    name <- paste(levels_[i], levels_[j])
    difference <- drop(row %*% coef(fit))
    se <- sqrt(drop(row %*% vcov(fit) %*% row))
    put("adjusted", name, "difference", difference)
    put("adjusted", name, "se", se)
    put("adjusted", name, "p_unadjusted", 2 * pt(-abs(difference / se), df2))
    put("adjusted", name, "se_hc3", sqrt(drop(row %*% robust %*% row)))
    m <- nrow(used) - length(levels_)
    put("adjusted", name, "d", difference / sd * exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2))
    t <- difference / se
    limit <- function(share) uniroot(function(l) pt(t, df2, l) - share, t + c(-6, 6), tol = 1e-12)$root
    put("adjusted", name, "d_low", limit(.975) * se / sd)
    put("adjusted", name, "d_high", limit(.025) * se / sd)
  }
}

# ---- ranks
plain <- na.omit(data[c("succes", "groep")])
plain$grof <- round(plain$succes)
kruskal <- kruskal.test(grof ~ groep, plain)
put("ranks", "", "h", kruskal$statistic)
put("ranks", "", "epsilon2", as.numeric(kruskal$statistic) / (nrow(plain) - 1))

# ---- two waves of one panel: most people are in both
panel <- read.csv("panel_data.csv")
panel <- na.omit(panel[panel$wave %in% 1:2, c("person", "wave", "x", "y", "z")])
panel$later <- as.numeric(panel$wave == 2)
level <- lm(y ~ later + x + z, panel)
v <- vcovCL(level, cluster = panel$person, type = "HC1")
put("level", "", "value", coef(level)["later"])
put("level", "", "se", sqrt(v["later", "later"]))
put("level", "", "df", length(unique(panel$person)) - 1)
slopes <- lm(y ~ later * (x + z), panel)
v <- vcovCL(slopes, cluster = panel$person, type = "HC1")
put("slope", "change", "value", coef(slopes)["later:x"])
put("slope", "change", "se", sqrt(v["later:x", "later:x"]))
put("slope", "first", "value", coef(slopes)["x"])
put("slope", "first", "se", sqrt(v["x", "x"]))
second <- as.numeric(names(coef(slopes)) %in% c("x", "later:x"))
put("slope", "second", "value", sum(second * coef(slopes)))
put("slope", "second", "se", sqrt(drop(second %*% v %*% second)))
own <- coef(lm(y ~ x + z, panel, later == 1))
put("slope", "second", "alone", own["x"])

write.csv(do.call(rbind, results), "asking_groups_r.csv", row.names = FALSE, quote = FALSE)

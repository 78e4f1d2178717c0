# Computes from data.csv what the tests of logistic regression and of moderation are held against.
#
#   Rscript asking.R
#
# Debian 12: r-cran-sandwich r-cran-lmtest. Writes asking_r.csv (one statistic a row, 17 significant digits).
# Average marginal effects are written out: chances by predict(), their errors by the delta method with
# derivatives taken as central differences over the coefficients.

suppressPackageStartupMessages({
  library(sandwich)
  library(lmtest)
})
data <- read.csv("data.csv")
results <- list()
put <- function(analysis, row, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, statistic = statistic, value = sprintf("%.17g", as.numeric(value))
  )
}

# ---- logistic regression
data$groep2 <- as.numeric(data$groep == 2)
data$groep4 <- as.numeric(data$groep == 4)
x <- c("netwerken", "leeftijd", "geslacht", "groep2", "groep4")
used <- na.omit(data[c("pop", x)])
fit <- glm(reformulate(x, "pop"), binomial, used, control = glm.control(epsilon = 1e-14, maxit = 100))
s <- summary(fit)$coefficients
robust <- sqrt(diag(vcovHC(fit, type = "HC3")))
put("logit", "", "n", nrow(used))
put("logit", "", "intercept", coef(fit)[1])
put("logit", "", "log_likelihood", logLik(fit))
put("logit", "", "lr_chi2", fit$null.deviance - fit$deviance)
put("logit", "", "r2_mcfadden", 1 - fit$deviance / fit$null.deviance)
for (name in x) {
  put("logit", name, "b", coef(fit)[name])
  put("logit", name, "b_se", s[name, 2])
  put("logit", name, "p", s[name, 4])
  put("logit", name, "b_se_hc3", robust[name])
  put("logit", name, "odds_ratio_sd", exp(coef(fit)[name] * sd(used[[name]])))
}
delta <- function(effect) {
  b <- coef(fit)
  gradient <- sapply(seq_along(b), function(i) {
    step <- 1e-5 * max(1, abs(b[i]))
    up <- down <- b
    up[i] <- up[i] + step
    down[i] <- down[i] - step
    (effect(up) - effect(down)) / (2 * step)
  })
  c(effect(b), sqrt(drop(gradient %*% vcov(fit) %*% gradient)))
}
chance <- function(b, rows) {
  m <- fit
  m$coefficients <- b
  predict(m, rows, type = "response")
}
for (name in c("netwerken", "leeftijd")) {
  # the slope of each one's chance, by moving everybody a little
  found <- delta(function(b) {
    up <- down <- used
    up[[name]] <- up[[name]] + 1e-4
    down[[name]] <- down[[name]] - 1e-4
    mean(chance(b, up) - chance(b, down)) / 2e-4 * sd(used[[name]])
  })
  put("logit", name, "points", found[1])
  put("logit", name, "points_se", found[2])
}
to <- function(change) { rows <- used; for (name in names(change)) rows[[name]] <- change[[name]]; rows }
contrasts <- list(
  geslacht = list(list(geslacht = 1), list(geslacht = 0)),
  groep2 = list(list(groep2 = 1, groep4 = 0), list(groep2 = 0, groep4 = 0)),
  groep4 = list(list(groep2 = 0, groep4 = 1), list(groep2 = 0, groep4 = 0))
)
for (name in names(contrasts)) {
  pair <- contrasts[[name]]
  found <- delta(function(b) mean(chance(b, to(pair[[1]])) - chance(b, to(pair[[2]]))))
  put("logit", name, "points", found[1])
  put("logit", name, "points_se", found[2])
}
wald <- waldtest(fit, c("groep2", "groep4"), test = "Chisq")
put("logit", "groep", "wald_chi2", wald$Chisq[2])
put("logit", "groep", "wald_p", wald[["Pr(>Chisq)"]][2])
for (value in 0:1) {
  found <- delta(function(b) qlogis(mean(chance(b, to(list(geslacht = value))))))
  put("logit", paste0("geslacht=", value), "chance", plogis(found[1]))
  put("logit", paste0("geslacht=", value), "chance_low", plogis(found[1] - qnorm(.975) * found[2]))
  put("logit", paste0("geslacht=", value), "chance_high", plogis(found[1] + qnorm(.975) * found[2]))
}

# ---- moderation: one number by another, with a control, on z-scores of the complete cases
used <- na.omit(data[c("succes", "netwerken", "effectiviteit", "leeftijd")])
z <- as.data.frame(scale(used))
fit <- lm(succes ~ netwerken * effectiviteit + leeftijd, z)
term <- "netwerken:effectiviteit"
limits <- confint(fit)
hc3 <- vcovHC(fit, type = "HC3")
robust <- coefci(fit, vcov. = hc3, df = fit$df.residual)
put("numbers", "", "n", nrow(used))
put("numbers", term, "interaction", coef(fit)[term])
put("numbers", term, "low", limits[term, 1])
put("numbers", term, "high", limits[term, 2])
put("numbers", term, "p", summary(fit)$coefficients[term, 4])
put("numbers", term, "low_hc3", robust[term, 1])
put("numbers", term, "high_hc3", robust[term, 2])
for (at in -1:1) {
  moved <- transform(z, effectiviteit = effectiviteit - at)
  there <- lm(succes ~ netwerken * effectiviteit + leeftijd, moved)
  put("numbers", at, "slope", coef(there)["netwerken"])
  put("numbers", at, "low", confint(there)["netwerken", 1])
  put("numbers", at, "high", confint(there)["netwerken", 2])
  put("numbers", at, "p", summary(there)$coefficients["netwerken", 4])
}

# ---- moderation by groups
used <- na.omit(data[c("succes", "netwerken", "groep", "leeftijd")])
z <- as.data.frame(scale(used))
for (reference in sort(unique(used$groep))) {
  z$groep <- relevel(factor(used$groep), ref = as.character(reference))
  fit <- lm(succes ~ netwerken * groep + leeftijd, z)
  limits <- confint(fit)
  put("groups", reference, "slope", coef(fit)["netwerken"])
  put("groups", reference, "low", limits["netwerken", 1])
  put("groups", reference, "high", limits["netwerken", 2])
  for (term in grep("netwerken:", names(coef(fit)), value = TRUE)) {
    pair <- paste0(sub("netwerken:groep", "", term), ":", reference)
    put("groups", pair, "interaction", coef(fit)[term])
    put("groups", pair, "low", limits[term, 1])
    put("groups", pair, "high", limits[term, 2])
  }
}
without <- lm(succes ~ netwerken + groep + leeftijd, z)
test <- anova(without, fit)
put("groups", "", "n", nrow(used))
put("groups", "", "F", test$F[2])
put("groups", "", "p", test[["Pr(>F)"]][2])
put("groups", "", "p_hc3", waldtest(without, fit, vcov = function(m) vcovHC(m, type = "HC3"), test = "F")[["Pr(>F)"]][2])
put("groups", "", "r2", summary(fit)$r.squared - summary(without)$r.squared)

# ---- adjusted difference in standard deviations within the groups, and adjusted means
used <- na.omit(data[c("succes", "geslacht", "leeftijd", "netwerken")])
fit <- lm(succes ~ geslacht + leeftijd + netwerken, used)
within <- sqrt(sum(tapply(used$succes, used$geslacht, function(v) sum((v - mean(v))^2))) / (nrow(used) - 2))
m <- nrow(used) - 2
put("adjusted", "", "n", nrow(used))
put("adjusted", "geslacht", "difference", coef(fit)["geslacht"])
put("adjusted", "geslacht", "d", coef(fit)["geslacht"] / within * exp(lgamma(m / 2) - lgamma((m - 1) / 2)) / sqrt(m / 2))
for (value in 0:1) {
  at <- data.frame(geslacht = value, leeftijd = mean(used$leeftijd), netwerken = mean(used$netwerken))
  mean_there <- drop(cbind(1, as.matrix(at)) %*% coef(fit))
  row <- c(1, as.matrix(at))
  error <- sqrt(drop(row %*% vcovHC(fit, type = "HC3") %*% row))
  put("adjusted", paste0("geslacht=", value), "mean", mean_there)
  put("adjusted", paste0("geslacht=", value), "low", mean_there - qt(.975, fit$df.residual) * error)
  put("adjusted", paste0("geslacht=", value), "high", mean_there + qt(.975, fit$df.residual) * error)
}

write.csv(do.call(rbind, results), "asking_r.csv", row.names = FALSE, quote = FALSE)

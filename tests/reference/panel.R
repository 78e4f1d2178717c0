# A made-up panel of 260 people in three waves, and what R's packages say of it, for
# tests/test_panel_numbers.py. Run it in this folder; it writes panel_data.csv and panel_r.csv.
# apt-get install r-cran-lme4 r-cran-nlme r-cran-plm r-cran-sandwich r-cran-lmtest r-cran-lavaan
#   r-cran-survey r-cran-coin r-cran-effectsize
suppressPackageStartupMessages({
  library(lme4); library(nlme); library(plm); library(sandwich); library(lmtest)
  library(lavaan); library(survey); library(coin); library(effectsize)
})
options(digits = 17)
set.seed(20081)

# ---- data: not everybody is in every wave, and some answers are missing
people <- 260
z <- rnorm(people); u <- 0.8 * rnorm(people) + 0.3 * z; v <- rnorm(people)
data <- do.call(rbind, lapply(1:3, function(t) {
  x <- 3 + 0.5 * u + rnorm(people)
  y <- 2 + 0.1 * t + 0.4 * x + 0.3 * z + u + 0.7 * rnorm(people)
  from <- sample(c("a", "b", "c"), people, TRUE, c(.5, .3, .2))
  # flat: nobody differs from others over the waves, so that the variance between them is 0
  flat <- c(-1, 1, 0)[t] * v + 0.5 * rnorm(people)
  data.frame(person = 1:people, wave = t, x, y, z, flat, group = from)
}))
keep <- data$wave == 1 | runif(nrow(data)) < plogis(0.6 + 0.5 * data$z)
data <- data[keep, ]
data$x[sample(nrow(data), 20)] <- NA
data <- data[order(data$person, data$wave), ]
for (v in c("x", "y", "z", "flat")) data[[v]] <- round(data[[v]], 6)
write.csv(data, "panel_data.csv", row.names = FALSE, quote = FALSE)
data <- read.csv("panel_data.csv")
data$person <- factor(data$person)

rows <- list()
put <- function(analysis, row, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    analysis, row, statistic, value = sprintf("%.17g", as.numeric(value))
  )
}
table_of <- function(analysis, b, V) {
  for (k in seq_along(b)) {
    put(analysis, names(b)[k], "b", b[k])
    put(analysis, names(b)[k], "se", sqrt(V[k, k]))
  }
}

# ---- random intercept, REML
full <- na.omit(data)
tight <- lmerControl(optCtrl = list(ftol_abs = 1e-14, xtol_abs = 1e-12, maxeval = 1e5))
for (outcome in c("y", "flat")) {
  formula <- as.formula(paste(outcome, "~ factor(wave) + x + z + (1 | person)"))
  fit <- lmer(formula, full, REML = TRUE, control = tight)
  name <- paste0("lmer_", outcome)
  table_of(name, fixef(fit), as.matrix(vcov(fit)))
  put(name, "", "sd_person", attr(VarCorr(fit)$person, "stddev"))
  put(name, "", "sd_residual", sigma(fit))
  put(name, "", "reml_deviance", REMLcrit(fit))
}
other <- lme(y ~ factor(wave) + x + z, random = ~ 1 | person, full,
             control = lmeControl(msTol = 1e-12, tolerance = 1e-12))
table_of("lme_y", fixef(other), vcov(other))
put("lme_y", "", "sd_person", as.numeric(VarCorr(other)[1, 2]))
put("lme_y", "", "sd_residual", other$sigma)

# ---- within persons, clustered errors; people in at least two waves
twice <- full[full$person %in% names(which(table(full$person) >= 2)), ]
twice$w2 <- as.numeric(twice$wave == 2); twice$w3 <- as.numeric(twice$wave == 3)
within <- plm(y ~ w2 + w3 + x, twice, index = c("person", "wave"), model = "within")
table_of("within", coef(within), vcovHC(within, method = "arellano", type = "sss", cluster = "group"))

# ---- Mundlak: the means of each person beside it, random intercept, clustered errors
for (v in c("w2", "w3", "x")) twice[[paste0("mean_", v)]] <- ave(twice[[v]], twice$person)
mundlak <- lmer(y ~ w2 + w3 + x + z + mean_w2 + mean_w3 + mean_x + (1 | person), twice, control = tight)
theta <- (attr(VarCorr(mundlak)$person, "stddev") / sigma(mundlak))^2
size <- ave(rep(1, nrow(twice)), twice$person, FUN = sum)
lambda <- 1 - 1 / sqrt(1 + size * theta)
X <- model.matrix(~ w2 + w3 + x + z + mean_w2 + mean_w3 + mean_x, twice)
Xt <- X - lambda * apply(X, 2, function(v) ave(v, twice$person))
yt <- twice$y - lambda * ave(twice$y, twice$person)
gls <- lm(yt ~ Xt - 1)
V <- vcovCL(gls, cluster = as.character(twice$person), type = "HC1")
b <- coef(gls); names(b) <- colnames(X)
table_of("mundlak", b, V)
means <- grep("mean_", names(b))
put("mundlak", "", "f", t(b[means]) %*% solve(V[means, means]) %*% b[means] / length(means))

# ---- clustered errors, unweighted and weighted
full$weight <- 1 + abs(full$z) + (as.numeric(full$person) %% 5) / 4
plain <- lm(y ~ x + z, full)
table_of("cluster", coef(plain), vcovCL(plain, cluster = as.character(full$person), type = "HC1"))
heavy <- lm(y ~ x + z, full, weights = weight)
table_of("cluster_weighted", coef(heavy), vcovCL(heavy, cluster = as.character(full$person), type = "HC1"))
put("cluster_weighted", "", "r2", summary(heavy)$r.squared)
design <- svydesign(ids = ~person, weights = ~weight, data = full)
svy <- svyglm(y ~ x + z, design)
table_of("svyglm", coef(svy), vcov(svy))

# ---- two waves: cross-lagged, change, transitions
wide <- reshape(data[data$wave < 3, c("person", "wave", "x", "y", "z", "group")],
                idvar = "person", timevar = "wave", direction = "wide")
linked <- wide[!is.na(wide$y.2), ]
complete <- na.omit(linked[, c("x.1", "y.1", "x.2", "y.2")])
names(complete) <- c("x1", "y1", "x2", "y2")
fit <- sem("y2 ~ y1 + x1
            x2 ~ x1 + y1
            y2 ~~ x2", complete, meanstructure = TRUE)
found <- standardizedSolution(fit)
raw <- parameterEstimates(fit)
for (k in which(raw$op == "~")) {
  name <- paste(raw$lhs[k], raw$rhs[k])
  put("lavaan", name, "b", raw$est[k]); put("lavaan", name, "se", raw$se[k])
  put("lavaan", name, "beta", found$est.std[k])
}
put("lavaan", "y2 x2", "residual_r", found$est.std[found$op == "~~" & found$lhs == "y2" & found$rhs == "x2"])
put("lavaan", "", "n", nrow(complete))

test <- t.test(linked$y.2, linked$y.1, paired = TRUE)
put("paired", "y", "mean", test$estimate)
put("paired", "y", "low", test$conf.int[1]); put("paired", "y", "high", test$conf.int[2])
put("paired", "y", "t", test$statistic); put("paired", "y", "p", test$p.value)
d <- linked$y.2 - linked$y.1
put("paired", "y", "d_z", mean(d) / sd(d))
put("paired", "y", "d_av", mean(d) / ((sd(linked$y.1) + sd(linked$y.2)) / 2))
shown <- cohens_d(linked$y.2, linked$y.1, paired = TRUE)
put("paired", "y", "d_z_low", shown$CI_low); put("paired", "y", "d_z_high", shown$CI_high)

moves <- table(linked$group.1, linked$group.2)
test <- mcnemar.test(moves)
put("moves", "", "bowker", test$statistic); put("moves", "", "bowker_df", test$parameter)
put("moves", "", "bowker_p", test$p.value)
test <- mh_test(as.table(moves))
put("moves", "", "stuart_maxwell", statistic(test)); put("moves", "", "stuart_maxwell_p", pvalue(test))
B <- qchisq(1 - 0.05 / 3, 1)   # Goodman (1965), one row at a time
for (i in rownames(moves)) for (j in colnames(moves)) {
  n <- sum(moves[i, ]); x <- moves[i, j]
  name <- paste(i, j)
  put("moves", name, "count", x)
  ci <- prop.test(x, n, correct = FALSE)$conf.int
  put("moves", name, "low", ci[1]); put("moves", name, "high", ci[2])
  half <- sqrt(B * (B + 4 * x * (n - x) / n))
  put("moves", name, "low_goodman", (B + 2 * x - half) / (2 * (n + B)))
  put("moves", name, "high_goodman", (B + 2 * x + half) / (2 * (n + B)))
}
linked$weight <- 1 + abs(linked$z.1)
design <- svydesign(ids = ~1, weights = ~weight, data = linked)
for (i in c("a", "b", "c")) for (j in c("a", "b", "c")) {
  part <- subset(design, group.1 == i)
  part$variables$here <- as.numeric(part$variables$group.2 == j)
  share <- svymean(~here, part)
  put("moves_weighted", paste(i, j), "share", coef(share))
  put("moves_weighted", paste(i, j), "se", SE(share))
  ci <- confint(svyciprop(~here, part, method = "logit", df = degf(part)))
  put("moves_weighted", paste(i, j), "low", ci[1]); put("moves_weighted", paste(i, j), "high", ci[2])
}
linked$d <- linked$y.2 - linked$y.1
design <- svydesign(ids = ~1, weights = ~weight, data = linked)
m <- svymean(~d, design)
put("change_weighted", "y", "mean", coef(m)); put("change_weighted", "y", "se", SE(m))

# ---- who stayed: logistic model and weights
wide$stays <- as.numeric(!is.na(wide$y.2))
logit <- glm(stays ~ z.1 + group.1, binomial, wide, epsilon = 1e-14)
table_of("logit", coef(logit), vcov(logit))
p <- fitted(logit)
put("logit", "", "auc", wilcox.test(p[wide$stays == 1], p[wide$stays == 0])$statistic /
      (sum(wide$stays) * sum(1 - wide$stays)))
w <- mean(wide$stays) / p[wide$stays == 1]
put("logit", "", "mean_weight", mean(w)); put("logit", "", "max_weight", max(w))
put("logit", "", "effective_n", sum(w)^2 / sum(w^2))

write.csv(do.call(rbind, rows), "panel_r.csv", row.names = FALSE, quote = FALSE)

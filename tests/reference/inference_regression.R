# Computes from data.csv what the tests of inference, blocks, diagnostics, suppress, mediate and ordered are
# held against.
#
#   Rscript inference_regression.R
#
# Debian 12: r-cran-car r-cran-sandwich r-cran-lmtest r-cran-mass r-cran-boot r-cran-lavaan r-cran-ordinal.
# Writes inference_regression_r.csv (one statistic a row, 17 significant digits) and
# inference_regression_draws.csv (bootstrap draws and jackknife values of two indirect effects, made by R).

suppressPackageStartupMessages({
  library(car)
  library(sandwich)
  library(lmtest)
  library(MASS)
  library(boot)
  library(lavaan)
  library(ordinal)
})
data <- read.csv("data.csv")
results <- list()
put <- function(analysis, row, column, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, column = as.character(column), statistic = statistic,
    value = sprintf("%.17g", as.numeric(value))
  )
}

outcome <- "succes"
x <- c(
  "netwerken", "effectiviteit", "scholing", "geslacht", "leeftijd", "opleidingsniveau", "zorgtaken", "pop"
)
used <- na.omit(data[c(outcome, x)])
n <- nrow(used)
k <- length(x)
fit <- lm(reformulate(x, outcome), used)
s <- summary(fit)$coefficients

# ---- coefficients
limits <- confint(fit)
robust <- sqrt(diag(car::hccm(fit, type = "hc3")))
inflation <- car::vif(fit)
scaled <- as.data.frame(scale(used))
for (name in x) {
  others <- setdiff(x, name)
  put("coef", name, outcome, "b_low", limits[name, 1])
  put("coef", name, outcome, "b_high", limits[name, 2])
  put("coef", name, outcome, "b_se_hc3", robust[name])
  put("coef", name, outcome, "p_hc3", 2 * pt(-abs(coef(fit)[name] / robust[name]), n - k - 1))
  put("coef", name, outcome, "vif", inflation[name])
  without <- lm(reformulate(others, outcome), used)
  r <- cor(resid(without), resid(lm(reformulate(others, name), used)))
  put("coef", name, outcome, "partial_r", r)
  # Fisher's z with n less the k - 1 others
  half <- qnorm(.975) / sqrt(n - (k - 1) - 3)
  put("coef", name, outcome, "partial_r_low", tanh(atanh(r) - half))
  put("coef", name, outcome, "partial_r_high", tanh(atanh(r) + half))
  put("coef", name, outcome, "semipartial_r2", summary(fit)$r.squared - summary(without)$r.squared)
}
overall <- lmtest::waldtest(fit, vcov = function(m) sandwich::vcovHC(m, type = "HC3"), test = "F")
put("coef", "", outcome, "f_hc3", overall$F[2])
put("coef", "", outcome, "f_hc3_p", overall[["Pr(>F)"]][2])

# Distribution-free errors of the betas: a saturated path model with random predictors and sandwich errors.
model <- paste(outcome, "~", paste(x, collapse = " + "))
free <- lavaan::sem(model, scaled, fixed.x = FALSE, meanstructure = TRUE, estimator = "MLR",
                    control = list(rel.tol = 1e-14))
std <- lavaan::standardizedSolution(free)
std <- std[std$op == "~", ]
for (i in seq_len(nrow(std))) {
  put("lavaan_std", std$rhs[i], outcome, "beta", std$est.std[i])
  put("lavaan_std", std$rhs[i], outcome, "beta_se", std$se[i])
}

# ---- interval of R2: noncentral F with a random noncentrality, integrated numerically
below <- function(rho2, r2, n, k) {
  f <- r2 / (1 - r2) * (n - k - 1) / k
  integrate(
    function(g) pf(f, k, n - k - 1, ncp = g * rho2 / (1 - rho2)) * dchisq(g, n - 1),
    max(0, n - 1 - 12 * sqrt(2 * n)), n - 1 + 16 * sqrt(2 * n), rel.tol = 1e-11, subdivisions = 2000
  )$value
}
interval <- function(r2, n, k, level = .95) {
  sapply(c((1 + level) / 2, (1 - level) / 2), function(share) {
    if (below(0, r2, n, k) <= share) return(0)
    uniroot(function(rho2) below(rho2, r2, n, k) - share, c(0, .95), tol = 1e-13)$root
  })
}
for (case in list(c(.15, 163, 8), c(.04, 337, 8), c(.21, 374, 13), c(.5, 30, 3), c(.02, 100, 5))) {
  both <- interval(case[1], case[2], case[3])
  put("r2", paste(case[1:3], collapse = " "), "", "low", both[1])
  put("r2", paste(case[1:3], collapse = " "), "", "high", both[2])
}

# ---- blocks
blocks <- list(werk = x[1:3], persoon = x[4:6], overig = x[7:8])
before <- lm(succes ~ 1, used)
entered <- c()
for (block in names(blocks)) {
  entered <- c(entered, blocks[[block]])
  after <- lm(reformulate(entered, outcome), used)
  step <- anova(before, after)
  put("blocks", block, outcome, "r2", summary(after)$r.squared)
  put("blocks", block, outcome, "r2_adjusted", summary(after)$adj.r.squared)
  put("blocks", block, outcome, "r2_change", summary(after)$r.squared - summary(before)$r.squared)
  put("blocks", block, outcome, "f_change", step$F[2])
  put("blocks", block, outcome, "p", step[["Pr(>F)"]][2])
  wald <- lmtest::waldtest(after, before, vcov = sandwich::vcovHC(after, type = "HC3"), test = "F")
  put("blocks", block, outcome, "f_hc3", wald$F[2])
  put("blocks", block, outcome, "p_hc3", wald[["Pr(>F)"]][2])
  left <- anova(lm(reformulate(setdiff(x, blocks[[block]]), outcome), used), fit)
  put("blocks", block, outcome, "unique_f", left$F[2])
  put("blocks", block, outcome, "unique_p", left[["Pr(>F)"]][2])
  before <- after
}

# ---- diagnostics
test <- lmtest::bptest(fit)
put("diagnostics", "breusch_pagan", "", "value", test$statistic)
put("diagnostics", "breusch_pagan", "", "p", test$p.value)
test <- lmtest::resettest(fit, power = 2:3, type = "fitted")
put("diagnostics", "reset", "", "value", test$statistic)
put("diagnostics", "reset", "", "p", test$p.value)
test <- shapiro.test(resid(fit))
put("diagnostics", "shapiro_wilk", "", "value", test$statistic)
put("diagnostics", "shapiro_wilk", "", "p", test$p.value)
design <- model.matrix(fit)
put("diagnostics", "condition", "", "value", kappa(sweep(design, 2, sqrt(colSums(design^2)), "/"), exact = TRUE))
put("diagnostics", "condition_centred", "", "value", sqrt(kappa(cor(used[x]), exact = TRUE)))
position <- as.integer(rownames(used)) - 1
largest <- function(measure, variable, values) {
  order <- order(-abs(values))[1:5]
  for (rank in 1:5) {
    put("influence", measure, variable, paste0("position_", rank), position[order[rank]])
    put("influence", measure, variable, paste0("value_", rank), values[order[rank]])
  }
}
largest("leverage", "", hatvalues(fit))
largest("cooks_d", "", cooks.distance(fit))
for (name in x) largest("dfbetas", name, dfbetas(fit)[, name])
put("influence", "leverage", "", "beyond", sum(hatvalues(fit) > 2 * (k + 1) / n))
put("influence", "cooks_d", "", "beyond", sum(cooks.distance(fit) > 4 / n))
put("influence", "dfbetas", "", "beyond", sum(abs(dfbetas(fit)[, x]) > 2 / sqrt(n)))

# ---- suppression
whole <- coef(lm(reformulate(x, outcome), scaled))
for (name in x) {
  test <- cor.test(used[[name]], used[[outcome]])
  put("suppression", name, outcome, "r", test$estimate)
  put("suppression", name, outcome, "r_p", test$p.value)
  without <- coef(lm(reformulate(setdiff(x, name), outcome), scaled))
  for (other in setdiff(x, name)) {
    put("suppression", other, name, "growth", abs(whole[other]) - abs(without[other]))
  }
}

# ---- mediation of all factors at once
mediator <- "netwerken"
factors <- setdiff(x, mediator)
to_mediator <- lm(reformulate(factors, mediator), used)
total <- lm(reformulate(factors, outcome), used)
for (path in c("a", "c", "c_prime")) {
  source <- summary(list(a = to_mediator, c = total, c_prime = fit)[[path]])$coefficients
  for (name in factors) {
    put("paths", name, path, "b", source[name, 1])
    put("paths", name, path, "b_se", source[name, 2])
    put("paths", name, path, "p", source[name, 4])
  }
}
put("paths", mediator, "b", "b", s[mediator, 1])
put("paths", mediator, "b", "b_se", s[mediator, 2])
put("paths", mediator, "b", "p", s[mediator, 4])
model <- paste0(
  mediator, " ~ ", paste0("a", seq_along(factors), " * ", factors, collapse = " + "), "\n",
  outcome, " ~ b * ", mediator, " + ", paste(factors, collapse = " + "), "\n",
  paste0("ab", seq_along(factors), " := a", seq_along(factors), " * b", collapse = "\n")
)
sem <- lavaan::sem(model, used, control = list(rel.tol = 1e-14))
defined <- subset(lavaan::parameterEstimates(sem), op == ":=")
standardized <- subset(lavaan::standardizedSolution(sem), op == ":=")
set.seed(21730)
again <- lavaan::sem(model, used, se = "bootstrap", bootstrap = 1000)
booted <- subset(lavaan::parameterEstimates(again), op == ":=")
for (i in seq_along(factors)) {
  put("lavaan", factors[i], "ab", "indirect", defined$est[i])
  put("lavaan", factors[i], "ab", "delta_se", defined$se[i])
  put("lavaan", factors[i], "ab", "standardized", standardized$est.std[i])
  put("lavaan", factors[i], "ab", "bootstrap_se", booted$se[i])
}
two <- c("effectiviteit", "scholing")
indirect <- function(d, i) {
  d <- as.matrix(d[i, ])
  a <- .lm.fit(cbind(1, d[, factors]), d[, mediator])$coefficients[1 + match(two, factors)]
  b <- .lm.fit(cbind(1, d[, factors], d[, mediator]), d[, outcome])$coefficients[length(factors) + 2]
  a * b
}
drawn <- boot::boot(used, indirect, R = 999)
draws <- list()
for (j in seq_along(two)) {
  one <- boot::empinf(data = used, statistic = function(d, i) indirect(d, i)[j], type = "jack", stype = "i")
  ci <- boot::boot.ci(drawn, index = j, type = c("perc", "bca"), L = one)
  put("boot", two[j], "ab", "percentile_low", ci$percent[4])
  put("boot", two[j], "ab", "percentile_high", ci$percent[5])
  put("boot", two[j], "ab", "bca_low", ci$bca[4])
  put("boot", two[j], "ab", "bca_high", ci$bca[5])
  left_out <- sapply(seq_len(n), function(i) indirect(used, setdiff(seq_len(n), i))[j])
  draws <- c(draws, list(
    data.frame(effect = two[j], kind = "draw", value = sprintf("%.17g", drawn$t[, j])),
    data.frame(effect = two[j], kind = "jackknife", value = sprintf("%.17g", left_out))
  ))
}
write.csv(do.call(rbind, draws), "inference_regression_draws.csv", row.names = FALSE, quote = FALSE)

# ---- ordinal logit
predictors <- c("netwerken", "effectiviteit", "leeftijd", "geslacht")
items <- na.omit(data[c("s1", predictors)])
items$y <- ordered(items$s1)
ordinal <- ordinal::clm(reformulate(predictors, "y"), data = items, control = clm.control(gradTol = 1e-12))
table <- summary(ordinal)$coefficients
for (name in rownames(table)) {
  put("clm", name, "s1", "b", table[name, 1])
  put("clm", name, "s1", "b_se", table[name, 2])
  put("clm", name, "s1", "p", table[name, 4])
}
put("clm", "", "s1", "log_likelihood", ordinal$logLik)
put("clm", "", "s1", "lr_chi2", 2 * (ordinal$logLik - clm(y ~ 1, data = items)$logLik))
second <- MASS::polr(reformulate(predictors, "y"), items, Hess = TRUE)
for (name in predictors) {
  put("polr", name, "s1", "b", coef(second)[name])
  put("polr", name, "s1", "b_se", sqrt(diag(vcov(second)))[name])
}
# Brant (1990), equations 5 and 6, on cuts 2|3 and 3|4 (the outer ones have too few beyond them).
cuts <- 2:3
design <- model.matrix(reformulate(predictors), items)
fits <- lapply(cuts, function(cut) {
  glm(reformulate(predictors, "above"), binomial, transform(items, above = as.numeric(s1 > cut)),
      control = glm.control(epsilon = 1e-14, maxit = 100))
})
size <- length(predictors)
joint <- matrix(0, 2 * size, 2 * size)
for (i in 1:2) for (j in 1:2) {
  pi <- fitted(fits[[i]])
  pj <- fitted(fits[[j]])
  weight <- fitted(fits[[max(i, j)]]) - pi * pj
  block <- solve(t(design) %*% (design * pi * (1 - pi))) %*% (t(design) %*% (design * weight)) %*%
    solve(t(design) %*% (design * pj * (1 - pj)))
  joint[(i - 1) * size + 1:size, (j - 1) * size + 1:size] <- block[-1, -1]
}
stacked <- unlist(lapply(fits, function(f) coef(f)[-1]))
contrast <- cbind(-diag(size), diag(size))
wald <- function(d) drop(t(d %*% stacked) %*% solve(d %*% joint %*% t(d)) %*% (d %*% stacked))
put("brant", "", "s1", "chi2", wald(contrast))
put("brant", "", "s1", "p", pchisq(wald(contrast), size, lower.tail = FALSE))
for (i in 1:size) put("brant", predictors[i], "s1", "chi2", wald(contrast[i, , drop = FALSE]))

write.csv(do.call(rbind, results), "inference_regression_r.csv", row.names = FALSE, quote = FALSE)

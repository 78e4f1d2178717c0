# Fits with lavaan, from factor_data.csv, what the tests of factors, invariance and reliability are held against.
#
#   Rscript factors.R
#
# Debian 12: r-cran-lavaan (0.6-14), r-cran-psych (2.2.9).
# Writes factors_r.csv: one statistic a row, with the 17 significant digits that make a double exact.

suppressPackageStartupMessages(library(lavaan))
data <- read.csv("factor_data.csv")
results <- list()
put <- function(analysis, row, column, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, column = as.character(column), statistic = statistic,
    value = sprintf("%.17g", as.numeric(value))
  )
}
measures <- c(
  "chisq", "df", "pvalue", "chisq.scaled", "pvalue.scaled", "chisq.scaling.factor", "cfi", "tli", "rmsea",
  "rmsea.ci.lower", "rmsea.ci.upper", "srmr", "aic", "bic", "logl", "npar", "cfi.robust", "rmsea.robust",
  "baseline.chisq", "baseline.df"
)
fit_one <- function(items, used, equal = "", partial = "", estimator = "MLM") {
  model <- paste("f =~", paste(items, collapse = " + "))
  cfa(
    model, used, group = "wave", std.lv = TRUE, meanstructure = TRUE, estimator = estimator,
    group.equal = equal, group.partial = partial
  )
}

save_fit <- function(set, name, items, used, equal = "", partial = "") {
  robust <- fit_one(items, used, equal, partial)
  plain <- fit_one(items, used, equal, partial, "ML")
  given <- fitMeasures(robust)
  for (measure in measures) {
    if (measure %in% names(given)) put("fit", set, name, measure, given[[measure]])
  }
  est <- parameterEstimates(plain)
  est$robust <- parameterEstimates(robust)$se
  labels <- lavInspect(plain, "group.label")
  for (i in seq_len(nrow(est))) {
    e <- est[i, ]
    if (e$se == 0) next # fixed
    what <- if (e$op == "=~") "loading" else if (e$op == "~~" && e$lhs == "f") "variance"
      else if (e$op == "~~") "residual" else if (e$lhs == "f") "mean" else "intercept"
    item <- if (what == "loading") e$rhs else if (what %in% c("variance", "mean")) "" else e$lhs
    key <- paste(set, name)
    where <- trimws(paste(labels[e$group], item))
    put(what, key, where, "est", e$est)
    put(what, key, where, "se", e$se)
    put(what, key, where, "se_robust", e$robust)
  }
  list(plain = plain, robust = robust)
}

save_step <- function(set, name, tighter, looser) {
  plain <- as.data.frame(lavTestLRT(looser$plain, tighter$plain))[2, ]
  put("step", set, name, "chi2", plain[["Chisq diff"]])
  put("step", set, name, "df", plain[["Df diff"]])
  put("step", set, name, "p", plain[["Pr(>Chisq)"]])
  scaled <- as.data.frame(lavTestLRT(looser$robust, tighter$robust, method = "satorra.bentler.2010"))[2, ]
  put("step", set, name, "chi2_scaled", scaled[["Chisq diff"]])
  put("step", set, name, "p_scaled", scaled[["Pr(>Chisq)"]])
}

steps <- list(
  metric = "loadings", scalar = c("loadings", "intercepts"), strict = c("loadings", "intercepts", "residuals")
)
ladder <- function(set, items, waves, partial = list()) {
  used <- na.omit(data[data$wave %in% waves, c("wave", items)])
  fits <- list(configural = save_fit(set, "configural", items, used))
  for (step in names(steps)) {
    fits[[step]] <- save_fit(set, step, items, used, steps[[step]])
    save_step(set, step, fits[[step]], fits[[length(fits) - 1]])
  }
  for (name in names(partial)) {
    base <- sub(" .*", "", name)
    fits[[name]] <- save_fit(set, name, items, used, steps[[base]], partial[[name]])
    save_step(set, name, fits[[base]], fits[[name]])
  }
}

ladder("v ab", paste0("v", 1:4), c("a", "b"))
ladder("v abc", paste0("v", 1:4), c("a", "b", "c"))
ladder("w abcd", paste0("w", 1:5), c("a", "b", "c", "d"), list("scalar w2" = "w2~1", "scalar w1" = "w1~1"))
ladder("u abc", paste0("u", 1:3), c("a", "b", "c"), list(
  "metric u3" = "f=~u3", "scalar u3" = c("f=~u3", "u3~1")
))
ladder("h ab", paste0("h", 1:4), c("a", "b"))

# ---- one group: the factor by itself, omega and alpha with their delta-method errors, alpha without an item
save_reliability <- function(set, items, waves) {
  used <- na.omit(data[data$wave %in% waves, items])
  k <- length(items)
  if (k > 2) {
    loads <- paste0("l", seq_len(k))
    errors <- paste0("e", seq_len(k))
    model <- paste0(
      "f =~ ", paste0(loads, "*", items, collapse = " + "), "\n",
      paste0(items, " ~~ ", errors, "*", items, collapse = "\n"), "\n",
      "common := (", paste(loads, collapse = " + "), ")^2\n",
      "omega := common / (common + ", paste(errors, collapse = " + "), ")"
    )
    fit <- cfa(model, used, std.lv = TRUE, estimator = "MLM")
    est <- parameterEstimates(fit)
    row <- est[est$lhs == "omega", ]
    put("reliability", set, "", "omega", row$est)
    put("reliability", set, "", "omega_se", row$se)
    for (measure in measures) {
      given <- fitMeasures(fit)
      if (measure %in% names(given)) put("fit", set, "one", measure, given[[measure]])
    }
  }
  pairs <- combn(k, 2)
  model <- paste(c(
    paste0(items, " ~~ s", seq_len(k), "*", items),
    apply(pairs, 2, function(p) paste0(items[p[1]], " ~~ s", p[1], "x", p[2], "*", items[p[2]])),
    paste0("own := ", paste0("s", seq_len(k), collapse = " + ")),
    paste0("shared := 2 * (", paste0("s", pairs[1, ], "x", pairs[2, ], collapse = " + "), ")"),
    paste0("alpha := ", k, " / ", k - 1, " * shared / (own + shared)")
  ), collapse = "\n")
  est <- parameterEstimates(lavaan(model, used, estimator = "MLM", auto.var = FALSE, meanstructure = TRUE,
    int.ov.free = TRUE))
  row <- est[est$lhs == "alpha", ]
  put("reliability", set, "", "alpha", row$est)
  put("reliability", set, "", "alpha_se", row$se)
  theirs <- suppressWarnings(psych::alpha(used, warnings = FALSE))
  put("reliability", set, "", "alpha_psych", theirs$total$raw_alpha)
  put("reliability", set, "", "feldt_low", theirs$feldt$lower.ci)
  put("reliability", set, "", "feldt_high", theirs$feldt$upper.ci)
  for (item in items) {
    put("reliability", set, item, "item_rest", theirs$item.stats[item, "r.drop"])
    if (k > 2) put("reliability", set, item, "without", theirs$alpha.drop[item, "raw_alpha"])
  }
}
save_reliability("v a", paste0("v", 1:4), "a")
save_reliability("w d", paste0("w", 1:5), "d")
save_reliability("u b", paste0("u", 1:3), "b")
save_reliability("d a", paste0("d", 1:2), "a")

# ---- two items: correlations and gap over groups
pair <- na.omit(data[data$wave %in% c("a", "b", "c"), c("wave", "d1", "d2")])
for (group in unique(pair$wave)) {
  test <- cor.test(~ d1 + d2, pair[pair$wave == group, ])
  put("pair", "d abc", group, "r", test$estimate)
  put("pair", "d abc", group, "r_low", test$conf.int[1])
  put("pair", "d abc", group, "r_high", test$conf.int[2])
}
welch <- oneway.test(I(d2 - d1) ~ wave, pair)
put("pair", "d abc", "", "F", welch$statistic)
put("pair", "d abc", "", "p", welch$p.value)

# ---- the mean of the items over waves, as observed
for (group in c("b", "c")) {
  used <- na.omit(data[data$wave %in% c("a", group), c("wave", paste0("v", 1:4))])
  score <- rowMeans(used[-1])
  test <- t.test(score[used$wave == group], score[used$wave == "a"])
  put("observed", "v abc", group, "difference", diff(rev(test$estimate)))
  put("observed", "v abc", group, "low", test$conf.int[1])
  put("observed", "v abc", group, "high", test$conf.int[2])
}

# ---- what the factor alone would have moved the mean of the items, with lavaan's delta method
used <- na.omit(data[data$wave %in% c("a", "b", "c"), c("wave", paste0("v", 1:4))])
model <- paste(
  "f =~", paste0("c(l", 1:4, ", l", 1:4, ", l", 1:4, ")*v", 1:4, collapse = " + "),
  "\nf ~ c(0, NA, NA)*1 + c(ma, mb, mc)*1\nf ~~ c(1, NA, NA)*f",
  "\nb := mb * (l1 + l2 + l3 + l4) / 4\nc := mc * (l1 + l2 + l3 + l4) / 4"
)
fit <- cfa(model, used, group = "wave", std.lv = TRUE, estimator = "MLM", group.equal = "intercepts")
est <- parameterEstimates(fit)
for (group in c("b", "c")) {
  row <- est[est$op == ":=" & est$lhs == group, ]
  put("expected", "v abc", group, "difference", row$est)
  put("expected", "v abc", group, "se", row$se)
}

write.csv(do.call(rbind, results), "factors_r.csv", row.names = FALSE, quote = FALSE)

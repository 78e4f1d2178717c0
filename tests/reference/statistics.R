# Computes from data.csv, with base R alone, the statistics that the tests hold the package against.
#
#   Rscript statistics.R
#
# Writes statistics_r.csv: one statistic a row, with the 17 significant digits that make a double exact.

data <- read.csv("data.csv")
results <- list()
put <- function(analysis, row, column, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, column = as.character(column), statistic = statistic,
    value = sprintf("%.17g", value)
  )
}

# ---- classic one-way analysis of variance, twice: aov() and oneway.test()
anova_of <- function(outcome, by) {
  used <- data[!is.na(data[[outcome]]) & !is.na(data[[by]]), ]
  y <- used[[outcome]]
  g <- factor(used[[by]])
  for (level in levels(g)) {
    put("anova", outcome, paste0(by, "=", level), "n", sum(g == level))
    put("anova", outcome, paste0(by, "=", level), "mean", mean(y[g == level]))
    put("anova", outcome, paste0(by, "=", level), "sd", sd(y[g == level]))
  }
  fit <- summary(aov(y ~ g))[[1]]
  put("anova", outcome, by, "F", fit[["F value"]][1])
  put("anova", outcome, by, "df1", fit[["Df"]][1])
  put("anova", outcome, by, "df2", fit[["Df"]][2])
  put("anova", outcome, by, "p", fit[["Pr(>F)"]][1])
  put("anova", outcome, by, "n_missing", nrow(data) - nrow(used))
  again <- oneway.test(y ~ g, var.equal = TRUE)
  put("oneway.test", outcome, by, "F", again$statistic)
  put("oneway.test", outcome, by, "p", again$p.value)
}
anova_of("netwerken", "groep")
anova_of("scholing", "groep")
anova_of("succes", "klein")
anova_of("effectiviteit", "geslacht") # two groups: F is the square of t

# ---- Pearson's chi-square without continuity correction, of one code against all others
chi2_of <- function(outcome, by, code) {
  used <- data[!is.na(data[[outcome]]) & !is.na(data[[by]]), ]
  yes <- used[[outcome]] == code
  name <- paste0(outcome, "=", code)
  for (level in sort(unique(used[[by]]))) {
    put("chi2", name, paste0(by, "=", level), "n", sum(used[[by]] == level))
    put("chi2", name, paste0(by, "=", level), "count", sum(yes[used[[by]] == level]))
    put("chi2", name, paste0(by, "=", level), "percent", 100 * mean(yes[used[[by]] == level]))
  }
  test <- suppressWarnings(chisq.test(table(used[[by]], yes), correct = FALSE))
  put("chi2", name, by, "chi2", test$statistic)
  put("chi2", name, by, "df1", test$parameter)
  put("chi2", name, by, "p", test$p.value)
  put("chi2", name, by, "least_expected", min(test$expected))
  put("chi2", name, by, "n_missing", nrow(data) - nrow(used))
}
chi2_of("zorgtaken", "groep", 1)
chi2_of("pop", "groep", 1)
chi2_of("pop", "klein", 1) # expected counts below 5
chi2_of("zorgtaken", "geslacht", 1) # 2 x 2, where a continuity correction would show
chi2_of("opleidingsniveau", "groep", 6)

# ---- regression: lm() on complete cases, and lm() on the same cases after scale()
ols_of <- function(name, outcome, predictors) {
  complete <- na.omit(data[, c(outcome, predictors)])
  raw <- summary(lm(reformulate(predictors, outcome), complete))
  z <- summary(lm(reformulate(predictors, outcome), as.data.frame(scale(complete))))
  for (x in predictors) {
    put("ols", x, name, "beta", z$coefficients[x, "Estimate"])
    put("ols", x, name, "b", raw$coefficients[x, "Estimate"])
    put("ols", x, name, "se", raw$coefficients[x, "Std. Error"])
    put("ols", x, name, "t", raw$coefficients[x, "t value"])
    put("ols", x, name, "p", raw$coefficients[x, "Pr(>|t|)"])
  }
  f <- raw$fstatistic
  put("ols", "", name, "intercept", raw$coefficients["(Intercept)", "Estimate"])
  put("ols", "", name, "r2", raw$r.squared)
  put("ols", "", name, "r2_adjusted", raw$adj.r.squared)
  put("ols", "", name, "f", f[["value"]])
  put("ols", "", name, "f_p", pf(f[["value"]], f[["numdf"]], f[["dendf"]], lower.tail = FALSE))
  put("ols", "", name, "df1", f[["numdf"]])
  put("ols", "", name, "df2", f[["dendf"]])
  put("ols", "", name, "n", nrow(complete))
  put("ols", "", name, "n_missing", nrow(data) - nrow(complete))
}
ols_of("model_1", "succes", c("netwerken", "scholing", "geslacht"))
ols_of("model_2", "succes", c(
  "netwerken", "effectiviteit", "scholing", "geslacht", "leeftijd", "opleidingsniveau", "zorgtaken", "pop"
))
ols_of("model_3", "netwerken", "effectiviteit")

# ---- scales: mirrored items, mean of the answered, Cronbach's alpha by its formula, item-rest
scale_of <- function(name, items, mirrored, low, high, least) {
  answers <- data[, items]
  answers[, mirrored] <- low + high - answers[, mirrored]
  score <- rowMeans(answers, na.rm = TRUE)
  score[rowMeans(!is.na(answers)) < least] <- NA
  put("score", name, "", "n", sum(!is.na(score)))
  put("score", name, "", "mean", mean(score, na.rm = TRUE))
  put("score", name, "", "sd", sd(score, na.rm = TRUE))
  asked <- answers[rowSums(!is.na(answers)) > 0, ]
  complete <- na.omit(asked)
  k <- length(items)
  alpha <- k / (k - 1) * (1 - sum(apply(complete, 2, var)) / var(rowSums(complete)))
  put("reliability", name, name, "alpha", alpha)
  put("reliability", name, name, "n", nrow(complete))
  put("reliability", name, name, "n_missing", nrow(asked) - nrow(complete))
  for (i in items) {
    rest <- rowSums(complete[, setdiff(items, i)])
    put("reliability", i, name, "item_rest", cor(complete[[i]], rest))
  }
}
scale_of("s", c("s1", "s2", "s3", "s4"), "s3", 1, 5, 0.5)
scale_of("t", c("t1", "t2", "t3"), "t3", 1, 3, 0.5)

# ---- classes: closed on the left
classes_of <- function(variable, edges) {
  counts <- table(cut(data[[variable]], edges, right = FALSE))
  for (i in seq_along(counts)) {
    put("classes", variable, paste0(edges[i], "_", edges[i + 1] - 1), "count", counts[[i]])
  }
}
classes_of("leeftijd", c(15, 25, 35, 45, 55, 65))

write.csv(do.call(rbind, results), "statistics_r.csv", row.names = FALSE, quote = FALSE)

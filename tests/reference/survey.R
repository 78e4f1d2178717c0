# Weighted statistics of survey_data.csv by R's survey, for tests/test_design.py and
# tests/test_weights.py. Run it in this folder; it writes survey_r.csv.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust", digits = 17)

data <- read.csv("survey_data.csv")
data$groep <- factor(data$groep)
rows <- list()
keep <- function(analysis, row, column, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    analysis, row, column, statistic, value = sprintf("%.17g", as.numeric(value))
  )
}

describe <- function(name, design) {
  have <- subset(design, !is.na(y) & !is.na(groep))
  means <- svyby(~y, ~groep, have, svymean)
  spreads <- svyby(~y, ~groep, have, svyvar)
  for (g in as.character(means$groep)) {
    at <- means$groep == g
    keep(name, "y", g, "mean", means$y[at])
    keep(name, "y", g, "se", means$se[at])
    keep(name, "y", g, "sd", sqrt(spreads[at, 2]))
    keep(name, "y", g, "n", sum(have$variables$groep == g))
  }
  test <- regTermTest(svyglm(y ~ groep, have), ~groep)
  keep(name, "y", "groep", "f", test$Ftest)
  keep(name, "y", "groep", "df1", test$df)
  keep(name, "y", "groep", "df2", test$ddf)
  keep(name, "y", "groep", "p", test$p)

  table <- svytable(~groep + ja, design)
  for (g in rownames(table)) {
    keep(name, "ja", g, "count", table[g, "1"])
    keep(name, "ja", g, "percent", 100 * table[g, "1"] / sum(table[g, ]))
  }
  test <- svychisq(~groep + ja, design)
  keep(name, "ja", "groep", "f", test$statistic)
  keep(name, "ja", "groep", "df1", test$parameter[["ndf"]])
  keep(name, "ja", "groep", "df2", test$parameter[["ddf"]])
  keep(name, "ja", "groep", "p", test$p.value)

  counts <- svytable(~groep, design)
  for (g in names(counts)) keep(name, "groep", g, "count", counts[[g]])

  names <- c("x1", "x2", "vrouw")
  complete <- subset(design, !is.na(y) & !is.na(x1) & !is.na(x2))
  centre <- function(v) {
    f <- as.formula(paste("~", v))
    as.numeric((complete$variables[[v]] - coef(svymean(f, complete))) / sqrt(coef(svyvar(f, complete))))
  }
  for (v in c("y", names)) complete$variables[[paste0("z_", v)]] <- centre(v)
  raw <- svyglm(y ~ x1 + x2 + vrouw, complete)
  scaled <- svyglm(z_y ~ z_x1 + z_x2 + z_vrouw, complete)
  table <- coef(summary(raw))
  for (v in names) {
    keep(name, v, "y", "b", table[v, 1])
    keep(name, v, "y", "beta", coef(scaled)[[paste0("z_", v)]])
    keep(name, v, "y", "se_beta", SE(scaled)[[paste0("z_", v)]])
    keep(name, v, "y", "se", table[v, 2])
    keep(name, v, "y", "t", table[v, 3])
    keep(name, v, "y", "p", table[v, 4])
  }
  keep(name, "", "y", "intercept", table["(Intercept)", 1])
  test <- regTermTest(raw, ~ x1 + x2 + vrouw)
  keep(name, "", "y", "f", test$Ftest)
  keep(name, "", "y", "df1", test$df)
  keep(name, "", "y", "df2", test$ddf)
  keep(name, "", "y", "p_f", test$p)
  w <- weights(complete)
  y <- complete$variables$y
  keep(name, "", "y", "r2", 1 - sum(w * resid(raw, "response")^2) / sum(w * (y - sum(w * y) / sum(w))^2))
  keep(name, "", "y", "n", nrow(complete$variables))
}

designs <- list(
  gewicht = svydesign(~1, weights = ~gewicht, data = data),
  strata = svydesign(~1, strata = ~stratum, weights = ~gewicht, data = data),
  clusters = svydesign(~cluster, strata = ~stratum, weights = ~gewicht, data = data, nest = TRUE)
)
for (name in names(designs)) {
  describe(name, designs[[name]])
  describe(paste0(name, "_domein"), subset(designs[[name]], domein == 1))
}

# Raking: from the weights and from 1. Who has no age or group keeps his share of before.
population <- list(
  vrouw = c("0" = .42, "1" = .58),
  leeftijd = c("1" = .2, "2" = .25, "3" = .3, "4" = .25),
  groep = c("1" = .5, "2" = .3, "3" = .2)
)
margins <- lapply(names(population), function(v) {
  values <- as.character(data[[v]])
  values[is.na(values)] <- "none"
  values
})
names(margins) <- names(population)
targets <- function(base) lapply(names(population), function(v) {
  lost <- sum(base[margins[[v]] == "none"]) / sum(base)
  goal <- population[[v]] * (1 - lost)
  if (lost > 0) c(goal, none = lost) else goal
})

raked <- function(name, base) {
  base <- base / mean(base)
  framed <- data.frame(lapply(margins, factor), base = base)
  design <- svydesign(~1, weights = ~base, data = framed)
  goals <- lapply(seq_along(population), function(i) {
    goal <- data.frame(names(targets(base)[[i]]), nrow(data) * targets(base)[[i]])
    names(goal) <- c(names(population)[i], "Freq")
    goal
  })
  formulas <- lapply(names(population), function(v) as.formula(paste("~", v)))
  done <- rake(design, formulas, goals, control = list(maxit = 500, epsilon = 1e-14))
  for (i in seq_len(nrow(data))) keep(name, data$id[i], "", "weight", weights(done)[i])
  w <- weights(done)
  keep(name, "", "", "design_effect", 1 + mean((w - mean(w))^2) / mean(w)^2)
}
raked("rake", data$gewicht)
raked("rake_1", rep(1, nrow(data)))

# With limits: one pass over the margins, then the limits, until nothing moves.
trimmed <- function(name, base, low, high) {
  w <- base / mean(base)
  goals <- targets(w)
  repeat {
    before <- w
    for (i in seq_along(margins)) {
      sums <- tapply(w, margins[[i]], sum)
      w <- w * (nrow(data) * goals[[i]][margins[[i]]] / sums[margins[[i]]])
    }
    w <- pmin(pmax(w, low), high)
    if (max(abs(w - before)) < 1e-14) break
  }
  for (i in seq_len(nrow(data))) keep(name, data$id[i], "", "weight", w[i])
  keep(name, "", "", "trimmed", sum(w <= low | w >= high))
}
trimmed("trim", data$gewicht, 0.4, 2.2)

write.csv(do.call(rbind, rows), "survey_r.csv", row.names = FALSE, quote = FALSE)

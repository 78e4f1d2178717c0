# What mice makes of data.csv: completed data sets, and everything that is pooled from them.
#
#   Rscript imputation.R
#
# Needs mice (3.15.0) and mitml (0.4-4): apt-get install r-cran-mice r-cran-mitml. It runs for about three minutes.
#
# imputation_draws.csv  what mice filled in, m = 5: the tests pool these very data sets.
# imputation_r.csv      the pooled numbers of those five (pool, pool.r.squared, D1, pool.scalar), and of 400 others,
#                       which the tests' own imputations are held against, within simulation error.
# imputation_cells.csv  mean and standard deviation of each filled cell over those 400.

suppressMessages(library(mice))
RNGkind("Mersenne-Twister", "Inversion", "Rejection")
results <- list()
put <- function(analysis, row, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(analysis, row, statistic, value = sprintf("%.17g", value))
}

data <- read.csv("data.csv")
predictors <- c("netwerken", "effectiviteit", "scholing", "leeftijd", "opleidingsniveau", "geslacht", "zorgtaken", "pop")
used <- data[c("succes", predictors)]
binary <- c("geslacht", "zorgtaken", "pop")
used[binary] <- lapply(used[binary], factor)
number <- function(x) as.numeric(as.character(x))

raw <- function(imp) with(imp, lm(succes ~ netwerken + effectiviteit + scholing + leeftijd + opleidingsniveau +
  I(number(geslacht)) + I(number(zorgtaken)) + I(number(pop))))
standardized <- function(imp) with(imp, lm(scale(succes) ~ scale(netwerken) + scale(effectiviteit) + scale(scholing) +
  scale(leeftijd) + scale(opleidingsniveau) + scale(number(geslacht)) + scale(number(zorgtaken)) + scale(number(pop))))
# pool() takes the terms from broom, which needs plain names.
coefficients_of <- function(analysis, fits, dfcom = NULL, finite = TRUE) {
  pooled <- pool(fits, dfcom = dfcom)
  table <- summary(pooled, conf.int = TRUE)
  for (i in seq_along(predictors)) {
    line <- table[i + 1, ]
    for (name in c("estimate", "std.error", "statistic", "df", "p.value")) put(analysis, predictors[i], name, line[[name]])
    put(analysis, predictors[i], "low", line[["2.5 %"]])
    put(analysis, predictors[i], "high", line[["97.5 %"]])
    for (name in c("riv", "lambda", "fmi", "ubar", "b")) put(analysis, predictors[i], name, pooled$pooled[i + 1, name])
  }
}

five <- mice(used, m = 5, maxit = 10, seed = 2006, printFlag = FALSE)
draws <- list()
for (name in names(used)) {
  holes <- which(is.na(used[[name]]))
  for (k in 1:5) if (length(holes)) {
    draws[[length(draws) + 1]] <- data.frame(variable = name, row = holes - 1, imputation = k - 1,
      value = number(five$imp[[name]][, k]))
  }
}
write.csv(do.call(rbind, draws), "imputation_draws.csv", row.names = FALSE, quote = FALSE)

fits <- raw(five)
coefficients_of("b", fits)
coefficients_of("b_large", fits, dfcom = Inf)
coefficients_of("beta", standardized(five))
for (adjusted in c(FALSE, TRUE)) {
  r2 <- pool.r.squared(fits, adjusted = adjusted)
  for (j in 1:4) put(if (adjusted) "r2_adjusted" else "r2", "", c("estimate", "low", "high", "fmi")[j], r2[1, j])
}
test <- D1(fits)$result
large <- mitml::testModels(as.mitml.result(fits), as.mitml.result(with(five, lm(succes ~ 1))), method = "D1")$test
for (j in 1:5) {
  name <- c("F", "df1", "df2", "p", "riv")[j]
  put("D1", "", name, test[j])
  put("D1_large", "", name, large[j])
}
# One coefficient, three data sets: t = q (m - 1) is below 4, where another formula holds.
three <- lapply(fits$analyses[1:3], identity)
few <- mitml::testModels(three, lapply(three, function(f) update(f, . ~ . - leeftijd)), method = "D1")$test
for (j in 1:5) put("D1_few", "leeftijd", c("F", "df1", "df2", "p", "riv")[j], few[j])
means <- sapply(1:5, function(k) mean(complete(five, k)$netwerken))
variances <- sapply(1:5, function(k) var(complete(five, k)$netwerken) / nrow(used))
scalar <- pool.scalar(means, variances, n = nrow(used))
for (name in c("qbar", "ubar", "b", "t", "df", "r", "fmi")) put("scalar", "netwerken", name, scalar[[name]])

# The engine: many data sets, with a nominal variable that only helps to predict.
used$groep <- factor(data$groep)
many <- mice(used, m = 400, maxit = 10, seed = 61, printFlag = FALSE)
coefficients_of("many", standardized(many))
cells <- list()
for (name in names(used)) if (anyNA(used[[name]])) {
  filled <- apply(many$imp[[name]], 2, number)
  cells[[length(cells) + 1]] <- data.frame(variable = name, row = which(is.na(used[[name]])) - 1,
    mean = apply(filled, 1, mean), sd = apply(filled, 1, sd), twos = rowMeans(filled == 2), fours = rowMeans(filled == 4))
}
write.csv(do.call(rbind, cells), "imputation_cells.csv", row.names = FALSE, quote = FALSE)

write.csv(do.call(rbind, results), "imputation_r.csv", row.names = FALSE, quote = FALSE)

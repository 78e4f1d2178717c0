# Two made-up waves that share people, and what R's survey says of changes and of reweighting, for
# tests/test_trends.py. Run it in this folder; it writes trends_data.csv and trends_r.csv.
suppressPackageStartupMessages(library(survey))
options(survey.lonely.psu = "adjust", digits = 17)
set.seed(20086)

person <- data.frame(person = 1:350, u = rnorm(350), old = sample(1:3, 350, TRUE, c(.4, .35, .25)))
draw <- function(wave, who, shift) {
  n <- length(who)
  p <- person[who, ]
  old <- pmin(p$old + rbinom(n, 1, shift), 3)
  sex <- rbinom(n, 1, 0.3) + 1
  group <- sample(c("a", "b"), n, TRUE)
  y <- 3 + p$u + 0.5 * old - 0.4 * sex + 0.3 * (group == "b") + rnorm(n)
  yes <- as.numeric(y + rnorm(n) > 4.5)
  data.frame(wave, person = who, y = round(y, 6), yes, old, sex, group,
    stratum = ifelse(who > 220, 2, 1), w = if (wave == 1) 1 else round(runif(n, 0.4, 2.2), 4))
}
data <- rbind(draw(1, 1:220, 0), draw(2, 101:350, 0.4))
data$y[sample(nrow(data), 25)] <- NA
write.csv(data, "trends_data.csv", row.names = FALSE, quote = FALSE, na = "")
data <- read.csv("trends_data.csv")
data$group <- factor(data$group); data$old <- factor(data$old); data$sex <- factor(data$sex)

rows <- list()
put <- function(analysis, row, statistic, value) {
  rows[[length(rows) + 1]] <<- data.frame(
    analysis, row, statistic, value = sprintf("%.17g", as.numeric(value))
  )
}
difference <- function(analysis, design) {
  for (part in c("all", "a")) {
    used <- subset(design, !is.na(y) & (part == "all" | group == part))
    means <- svyby(~y, ~wave, used, svymean, covmat = TRUE)
    d <- svycontrast(means, c(-1, 1))
    put(analysis, part, "difference", coef(d))
    put(analysis, part, "se", SE(d))
    put(analysis, part, "df", degf(used))
    put(analysis, part, "p", 2 * pt(-abs(coef(d) / SE(d)), degf(used)))
  }
}
# nobody shared: names differ between waves
apart <- data
apart$person <- apart$person + 1000 * apart$wave
difference("apart", svydesign(ids = ~person, strata = ~interaction(wave, stratum, drop = TRUE),
  weights = ~w, data = apart))
# everybody shared
both <- subset(data, person %in% 101:220)
difference("same", svydesign(ids = ~person, weights = ~w, data = both))
# some shared, no strata
difference("some", svydesign(ids = ~person, weights = ~w, data = data))

# one wave
second <- subset(data, wave == 2)
design <- svydesign(ids = ~1, strata = ~stratum, weights = ~w, data = second)
m <- svymean(~y, subset(design, !is.na(y)))
put("one", "y", "mean", coef(m)); put("one", "y", "se", SE(m))
limits <- confint(m, df = degf(subset(design, !is.na(y))))
put("one", "y", "low", limits[1]); put("one", "y", "high", limits[2])
s <- svyciprop(~yes, design, method = "logit")
put("one", "yes", "share", coef(s)); put("one", "yes", "se", SE(s))
put("one", "yes", "low", confint(s)[1]); put("one", "yes", "high", confint(s)[2])

# the second wave with the margins of the first, which count as known; who is not in a part stays in
# a calibrated design, and needs some number
first <- subset(data, wave == 1)
total <- sum(second$w)
target <- c("(Intercept)" = total,
  old2 = total * mean(first$old == 2), old3 = total * mean(first$old == 3),
  sex2 = total * mean(first$sex == 2))
design$variables$filled <- ifelse(is.na(second$y), 0, second$y)
again <- calibrate(design, ~ old + sex, target, calfun = "raking", epsilon = 1e-12, maxit = 200)
for (part in c("all", "a")) {
  m <- svymean(~filled, subset(again, !is.na(y) & (part == "all" | group == part)))
  put("raked", part, "mean", coef(m)); put("raked", part, "se", SE(m))
}
w <- weights(again)
put("raked", "weights", "design_effect", length(w) * sum(w^2) / sum(w)^2)
write.csv(do.call(rbind, rows), "trends_r.csv", row.names = FALSE, quote = FALSE)

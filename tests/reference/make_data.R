# Draws data.csv, the made-up data that the reference statistics are computed on.
#
#   Rscript make_data.R
#
# Nobody answered these questions. The data hold what trips up an analysis: groups of very unequal size, one
# without anybody (groep has codes 1, 2 and 4; nobody has 3), a small second grouping, right-skewed day counts,
# 0/1 variables, scale scores, reverse-scored items, ages on the edges of classes, and missing values in most
# columns, spread so that listwise and pairwise deletion give different respondents.

set.seed(2006, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
n <- 240

groep <- sample(c(1, 2, 4), n, replace = TRUE, prob = c(0.60, 0.30, 0.10))
klein <- sample(1:3, n, replace = TRUE, prob = c(0.88, 0.08, 0.04))
leeftijd <- pmin(pmax(round(rnorm(n, 39, 12)), 15), 64)
leeftijd[1:10] <- c(15, 24, 25, 34, 35, 44, 45, 54, 55, 64) # both sides of every edge
opleidingsniveau <- sample(1:7, n, replace = TRUE, prob = c(2, 6, 14, 8, 36, 26, 8))
geslacht <- rbinom(n, 1, 0.18)
zorgtaken <- rbinom(n, 1, plogis(-0.3 + 0.9 * geslacht))
pop <- rbinom(n, 1, c(0.10, 0.20, NA, 0.35)[groep])

latent <- rnorm(n)
likert <- function(z, top = 5) pmin(pmax(round((top + 1) / 2 + z * (top - 1) / 4), 1), top)
item <- function(loading, top = 5) likert(loading * latent + sqrt(1 - loading^2) * rnorm(n), top)
s1 <- item(0.8)
s2 <- item(0.7)
s3 <- item(-0.6) # worded in the other direction
s4 <- item(0.5)
t1 <- item(0.7, 3)
t2 <- item(0.6, 3)
t3 <- item(-0.6, 3) # worded in the other direction

netwerken <- round((likert(latent + rnorm(n) / 2) + likert(latent + rnorm(n)) + likert(rnorm(n))) / 3, 4)
effectiviteit <- round(3.4 + 0.5 * latent + 0.5 * rnorm(n) + 0.15 * (groep == 4), 2)
scholing <- pmin(round(rexp(n, 1 / (4 + 3 * (groep == 4)))^1.4), 365)
succes <- round(
  2.1 + 0.12 * netwerken + 0.01 * scholing - 0.1 * geslacht + 0.004 * leeftijd + 0.35 * rnorm(n), 3
)

holes <- function(x, share) replace(x, sample(n, round(share * n)), NA)
data <- data.frame(
  id = 1:n,
  groep = holes(groep, 0.02),
  klein = klein,
  leeftijd = leeftijd,
  opleidingsniveau = holes(opleidingsniveau, 0.02),
  geslacht = geslacht,
  zorgtaken = holes(zorgtaken, 0.03),
  pop = holes(pop, 0.05),
  netwerken = holes(netwerken, 0.06),
  effectiviteit = holes(effectiviteit, 0.04),
  scholing = holes(scholing, 0.08),
  succes = holes(succes, 0.10),
  s1 = holes(s1, 0.04), s2 = holes(s2, 0.05), s3 = holes(s3, 0.03), s4 = holes(s4, 0.15),
  t1 = holes(t1, 0.05), t2 = holes(t2, 0.05), t3 = holes(t3, 0.05)
)
# Some were not asked the items at all, some answered exactly half of them, one only one.
data[11:16, c("s1", "s2", "s3", "s4")] <- NA
data[17:20, c("s1", "s3")] <- NA
data[21, c("s1", "s2", "s3")] <- NA

write.csv(data, "data.csv", row.names = FALSE, na = "", quote = FALSE)

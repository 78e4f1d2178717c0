# Makes factor_data.csv: 760 made-up respondents of four made-up waves. Nobody answered these questions.
#
#   Rscript make_factor_data.R
#
# v  five-point, four items, the same scale in every wave; the factor rises
# w  five-point, five items; w2 is answered higher, whatever the factor, in waves c and d
# u  five-point, three items; u3 loads less in wave b
# h  five-point, four items; h1 and h2 share more than the factor, so that one factor does not fit
# d  five-point, two items; d2 is answered higher in wave c

set.seed(2026)
n <- c(a = 220, b = 180, c = 200, d = 160)
wave <- rep(names(n), n)
total <- sum(n)
five <- function(y) as.integer(cut(y, c(-Inf, -1.6, -.7, .4, 1.4, Inf)))
factor_of <- function(mean, sd) rnorm(total, mean[wave], sd[wave])
data <- data.frame(id = seq_len(total), wave = wave)
same <- c(a = 0, b = 0, c = 0, d = 0)
one <- c(a = 1, b = 1, c = 1, d = 1)

f <- factor_of(c(a = 0, b = .3, c = .1, d = .4), c(a = 1, b = 1.2, c = .9, d = 1))
loads <- c(.8, .7, .6, .75)
for (i in 1:4) data[paste0("v", i)] <- five(loads[i] * f + c(0, .2, -.3, .1)[i] + rnorm(total, 0, .7))

f <- factor_of(c(a = 0, b = .2, c = 0, d = .2), one)
loads <- c(.8, .7, .65, .75, .5)
for (i in 1:5) {
  shift <- if (i == 2) .6 * (wave %in% c("c", "d")) else 0
  data[paste0("w", i)] <- five(loads[i] * f + c(0, .2, -.3, .1, 0)[i] + shift + rnorm(total, 0, .7))
}

f <- factor_of(same, one)
loads <- c(.8, .7, .75)
for (i in 1:3) {
  load <- ifelse(i == 3 & wave == "b", .25, loads[i])
  data[paste0("u", i)] <- five(load * f + rnorm(total, 0, .7))
}

f <- factor_of(same, one)
extra <- rnorm(total, 0, 1)
for (i in 1:4) data[paste0("h", i)] <- five(.6 * f + extra * (i <= 2) + rnorm(total, 0, .6))

f <- factor_of(c(a = 0, b = .5, c = 0, d = 0), one)
data$d1 <- five(.8 * f + rnorm(total, 0, .6))
data$d2 <- five(.8 * f + .5 * (wave == "c") + rnorm(total, 0, .6))

items <- setdiff(names(data), c("id", "wave"))
for (item in items) data[sample(total, 12), item] <- NA
data[sample(total, 15), paste0("v", 1:4)] <- NA # not asked
write.csv(data, "factor_data.csv", row.names = FALSE, na = "", quote = FALSE)

# Draws survey_data.csv: 320 made-up respondents of a stratified cluster sample. Run it in this folder.
# Stratum d has one cluster. Clusters are numbered anew in every stratum. The domain leaves out whole
# clusters, leaves stratum b with one of its clusters, and has nobody in stratum c.
set.seed(20081)

n <- 320
stratum <- sample(c("a", "b", "c", "d"), n, replace = TRUE, prob = c(.45, .27, .2, .08))
clusters <- c(a = 14, b = 9, c = 6, d = 1)
cluster <- sapply(stratum, function(s) sample(clusters[[s]], 1))
effect <- rnorm(100)[match(paste(stratum, cluster), unique(paste(stratum, cluster)))]
vrouw <- rbinom(n, 1, plogis(0.5 + 0.4 * effect))
leeftijd <- sample(1:4, n, replace = TRUE, prob = c(.15, .3, .35, .2))
groep <- sample(1:3, n, replace = TRUE, prob = c(.55, .3, .15))
x1 <- round(3 + 0.4 * effect + 0.3 * vrouw + rnorm(n, sd = 0.8), 2)
x2 <- round(0.5 * x1 + rnorm(n, sd = 0.9), 2)
y <- round(2 + 0.4 * x1 - 0.2 * x2 + 0.15 * groep + 0.3 * effect + rnorm(n) * (0.5 + 0.2 * vrouw), 2)
ja <- rbinom(n, 1, plogis(-1 + 0.4 * groep + 0.3 * effect))
gewicht <- round(exp(rnorm(n, sd = 0.5) - 0.25 * y + 0.1 * leeftijd) * 100, 1)

gone <- function(values, share) replace(values, runif(n) < share, NA)
data <- data.frame(
  id = seq_len(n), stratum, cluster, gewicht, vrouw, leeftijd = gone(leeftijd, .04),
  groep = gone(groep, .03), x1 = gone(x1, .05), x2 = gone(x2, .04), y = gone(y, .05),
  ja = gone(ja, .06)
)
data$domein <- as.integer(
  (stratum == "a" & cluster %% 3 != 0) | (stratum == "b" & cluster == 4) |
    (stratum == "d" & vrouw == 1)
)
write.csv(data, "survey_data.csv", row.names = FALSE, quote = FALSE, na = "")

# Computes from data.csv the group comparisons that the tests hold the package against: base R where it has the
# method, and the packages effectsize, emmeans, rstatix and vcd (Debian: r-cran-effectsize, r-cran-emmeans,
# r-cran-rstatix, r-cran-vcd).
#
#   Rscript inference_groups.R
#
# Writes inference_groups_r.csv: one statistic a row, with the 17 significant digits that make a double exact. A pair
# is always the first group minus the second.

# rstatix and effectsize share names, so neither is attached.
suppressPackageStartupMessages(library(emmeans))

data <- read.csv("data.csv")
results <- list()
put <- function(analysis, row, column, statistic, value) {
  results[[length(results) + 1]] <<- data.frame(
    analysis = analysis, row = row, column = as.character(column), statistic = statistic,
    value = sprintf("%.17g", as.numeric(value))
  )
}
pair <- function(a, b) paste(a, "-", b)
used_of <- function(outcome, by) {
  used <- data[!is.na(data[[outcome]]) & !is.na(data[[by]]), ]
  data.frame(y = used[[outcome]], g = factor(used[[by]]))
}
# pt() warns at the ends of the search, far out in the tails, not near the root
root <- function(f, low, high) suppressWarnings(uniroot(f, c(low, high), tol = 1e-13, maxiter = 10000)$root)

# ---- means: Welch, Tukey-Kramer, Games-Howell, Holm, effect sizes
means_of <- function(outcome, by) {
  used <- used_of(outcome, by)
  id <- paste(outcome, "by", by)
  y <- used$y
  g <- used$g
  levels <- levels(g)
  k <- length(levels)
  n <- tapply(y, g, length)
  m <- tapply(y, g, mean)
  v <- tapply(y, g, var)

  welch <- oneway.test(y ~ g, var.equal = FALSE)
  put("welch", id, by, "F", welch$statistic)
  put("welch", id, by, "df2", welch$parameter[[2]])
  put("welch", id, by, "p", welch$p.value)

  fit <- aov(y ~ g)
  tukey <- TukeyHSD(fit)$g # rows "later-earlier": turned round
  grid <- summary(pairs(emmeans(fit, "g"), adjust = "none"))
  pooled <- pairwise.t.test(y, g, p.adjust.method = "holm", pool.sd = TRUE)$p.value
  welch_p <- pairwise.t.test(y, g, p.adjust.method = "holm", pool.sd = FALSE)$p.value
  howell <- rstatix::games_howell_test(used, y ~ g)
  for (i in seq_len(k - 1)) for (j in (i + 1):k) {
    a <- levels[i]
    b <- levels[j]
    name <- pair(a, b)
    row <- paste0(b, "-", a)
    put("tukey_kramer", id, name, "difference", -tukey[row, "diff"])
    put("tukey_kramer", id, name, "low", -tukey[row, "upr"])
    put("tukey_kramer", id, name, "high", -tukey[row, "lwr"])
    put("tukey_kramer", id, name, "p", tukey[row, "p adj"])
    line <- grid[grid$contrast %in% c(name, paste0("g", a, " - g", b), paste0("(", a, ") - (", b, ")")), ]
    put("tukey_kramer", id, name, "se", line$SE)
    put("tukey_kramer", id, name, "df", line$df)
    put("tukey_kramer", id, name, "p_unadjusted", line$p.value)
    put("holm_pooled", id, name, "p", pooled[b, a])
    put("holm_welch", id, name, "p", welch_p[b, a])
    ordinary <- t.test(y[g == a], y[g == b])
    put("holm_welch", id, name, "low", ordinary$conf.int[1])
    put("holm_welch", id, name, "high", ordinary$conf.int[2])
    # Games-Howell from its formula, and rstatix, which rounds its p
    se <- sqrt(v[[a]] / n[[a]] + v[[b]] / n[[b]])
    df <- se^4 / ((v[[a]] / n[[a]])^2 / (n[[a]] - 1) + (v[[b]] / n[[b]])^2 / (n[[b]] - 1))
    d <- m[[a]] - m[[b]]
    put("games_howell", id, name, "difference", d)
    put("games_howell", id, name, "se", se)
    put("games_howell", id, name, "df", df)
    put("games_howell", id, name, "p", ptukey(sqrt(2) * abs(d) / se, k, df, lower.tail = FALSE))
    put("games_howell", id, name, "low", d - qtukey(.95, k, df) * se / sqrt(2))
    put("games_howell", id, name, "high", d + qtukey(.95, k, df) * se / sqrt(2))
    line <- howell[howell$group1 == a & howell$group2 == b, ] # second minus first
    put("games_howell_rstatix", id, name, "difference", -line$estimate)
    put("games_howell_rstatix", id, name, "low", -line$conf.high)
    put("games_howell_rstatix", id, name, "high", -line$conf.low)
    put("games_howell_rstatix", id, name, "p", line$p.adj)

    x1 <- y[g == a]
    x2 <- y[g == b]
    d <- effectsize::cohens_d(x1, x2, pooled_sd = TRUE, ci = .95)
    put("cohens_d", id, name, "d", d$Cohens_d)
    put("cohens_d", id, name, "low_effectsize", d$CI_low) # optim(): six digits or so
    put("cohens_d", id, name, "high_effectsize", d$CI_high)
    put("cohens_d", id, name, "g", effectsize::hedges_g(x1, x2, pooled_sd = TRUE)$Hedges_g)
    test <- t.test(x1, x2, var.equal = TRUE)
    t <- test$statistic[[1]]
    scale <- sqrt(1 / length(x1) + 1 / length(x2))
    reach <- 10 + 2 * abs(t)
    put("cohens_d", id, name, "low", scale * root(function(l) pt(t, test$parameter, l) - .975, t - reach, t))
    put("cohens_d", id, name, "high", scale * root(function(l) pt(t, test$parameter, l) - .025, t, t + reach))
    # equivalence: raw with bound 0.5, standardized with bound 0.5
    lower <- t.test(x1, x2, mu = -.5, alternative = "greater")
    upper <- t.test(x1, x2, mu = .5, alternative = "less")
    both <- t.test(x1, x2, conf.level = .90)
    put("tost_means", id, name, "p_lower", lower$p.value)
    put("tost_means", id, name, "p_upper", upper$p.value)
    put("tost_means", id, name, "p_difference", both$p.value)
    put("tost_means", id, name, "low", both$conf.int[1])
    put("tost_means", id, name, "high", both$conf.int[2])
    put("tost_sd", id, name, "p_lower", pt(t, test$parameter, -.5 / scale, lower.tail = FALSE))
    put("tost_sd", id, name, "p_upper", pt(t, test$parameter, .5 / scale))
    put("tost_sd", id, name, "low", scale * root(function(l) pt(t, test$parameter, l) - .95, t - reach, t))
    put("tost_sd", id, name, "high", scale * root(function(l) pt(t, test$parameter, l) - .05, t, t + reach))
  }

  put("variance", id, by, "eta2", effectsize::eta_squared(fit, partial = FALSE)$Eta2)
  put("variance", id, by, "omega2", effectsize::omega_squared(fit, partial = FALSE)$Omega2) # cut off at zero
  f <- summary(fit)[[1]][["F value"]][1]
  df <- summary(fit)[[1]][["Df"]]
  limit <- function(p) {
    if (pf(f, df[1], df[2]) <= p) return(0)
    l <- root(function(l) pf(f, df[1], df[2], l) - p, 0, 40 + 4 * df[1] * f)
    l / (l + length(y))
  }
  put("variance", id, by, "low", limit(.975))
  put("variance", id, by, "high", limit(.025))
}
means_of("netwerken", "groep")
means_of("scholing", "groep")
means_of("effectiviteit", "groep")
means_of("succes", "klein")
means_of("leeftijd", "s2") # five groups

# ---- the studentized range by itself; with 2 degrees of freedom qtukey is off by up to 7%
for (df in c(5.5, 37.3, 500)) for (k in c(2, 3, 8)) {
  name <- paste(k, df)
  put("studentized_range", name, "", "q95", qtukey(.95, k, df))
  put("studentized_range", name, "", "q99", qtukey(.99, k, df))
}

# ---- ranks
ranks_of <- function(outcome, by) {
  used <- used_of(outcome, by)
  id <- paste(outcome, "by", by)
  test <- kruskal.test(y ~ g, used)
  put("kruskal", id, by, "H", test$statistic)
  put("kruskal", id, by, "p", test$p.value)
  put("kruskal", id, by, "epsilon2", effectsize::rank_epsilon_squared(y ~ g, data = used, ci = NULL)[[1]])
  dunn <- rstatix::dunn_test(used, y ~ g, p.adjust.method = "holm") # second minus first
  for (i in seq_len(nrow(dunn))) {
    name <- pair(dunn$group1[i], dunn$group2[i])
    put("dunn", id, name, "z", -dunn$statistic[i])
    put("dunn", id, name, "p_unadjusted", dunn$p[i])
    put("dunn", id, name, "p", dunn$p.adj[i])
    # Brunner and Munzel (2000), from its formulas
    x1 <- used$y[used$g == dunn$group1[i]]
    x2 <- used$y[used$g == dunn$group2[i]]
    n1 <- length(x1)
    n2 <- length(x2)
    all <- rank(c(x1, x2))
    r1 <- all[seq_len(n1)]
    r2 <- all[-seq_len(n1)]
    s1 <- sum((r1 - rank(x1) - mean(r1) + (n1 + 1) / 2)^2) / (n1 - 1)
    s2 <- sum((r2 - rank(x2) - mean(r2) + (n2 + 1) / 2)^2) / (n2 - 1)
    df <- (n1 * s1 + n2 * s2)^2 / ((n1 * s1)^2 / (n1 - 1) + (n2 * s2)^2 / (n2 - 1))
    chance <- mean(outer(x1, x2, ">") + outer(x1, x2, "==") / 2)
    se <- sqrt(s1 / (n1 * n2^2) + s2 / (n2 * n1^2))
    reach <- qt(.975, df) * se / (chance * (1 - chance))
    put("superiority", id, name, "chance", chance)
    put("superiority", id, name, "low", plogis(qlogis(chance) - reach))
    put("superiority", id, name, "high", plogis(qlogis(chance) + reach))
  }
}
ranks_of("s1", "groep")
ranks_of("t1", "klein")
ranks_of("scholing", "groep")

# ---- cross tables
tables_of <- function(outcome, by) {
  used <- used_of(outcome, by)
  id <- paste(outcome, "by", by)
  counts <- table(used$g, used$y)
  test <- suppressWarnings(chisq.test(counts, correct = FALSE))
  put("chi2", id, by, "chi2", test$statistic)
  put("chi2", id, by, "df", test$parameter)
  put("chi2", id, by, "p", test$p.value)
  put("chi2", id, by, "least_expected", min(test$expected))
  put("chi2", id, by, "p_fisher", fisher.test(counts, workspace = 2e8)$p.value)
  put("cramers_v", id, by, "v", vcd::assocstats(counts)$cramer)
  put("cramers_v", id, by, "v_corrected", effectsize::cramers_v(counts, adjust = TRUE, ci = NULL)[[1]])
  # variance of phi2 under multinomial sampling, by numerical derivatives
  phi2 <- function(p) {
    p <- matrix(p, nrow(counts))
    e <- outer(rowSums(p), colSums(p)) / sum(p)
    sum((p - e)^2 / e) / sum(p)
  }
  p <- as.vector(counts) / sum(counts)
  h <- 1e-5
  slope <- sapply(seq_along(p), function(i) {
    e <- replace(numeric(length(p)), i, h)
    (8 * (phi2(p + e) - phi2(p - e)) - (phi2(p + 2 * e) - phi2(p - 2 * e))) / (12 * h)
  })
  put("cramers_v", id, by, "phi2_variance", (sum(p * slope^2) - sum(p * slope)^2) / sum(counts))
  for (i in rownames(counts)) for (j in colnames(counts)) {
    put("residual", paste0(id, ": ", j), i, "z", test$stdres[i, j])
  }
}
tables_of("pop", "groep")
tables_of("pop", "klein")
tables_of("t1", "klein")
tables_of("t1", "groep")
tables_of("s1", "klein")
tables_of("opleidingsniveau", "groep")
tables_of("zorgtaken", "geslacht")
tables_of("opleidingsniveau", "geslacht")

# ---- exact tests of small tables, filled by row
exact <- list(
  "2x3" = matrix(c(3, 0, 2, 1, 6, 4), 2, byrow = TRUE),
  "3x3" = matrix(c(4, 1, 0, 2, 5, 1, 0, 2, 6), 3, byrow = TRUE),
  "4x2" = matrix(c(10, 0, 7, 3, 12, 1, 3, 4), 4, byrow = TRUE),
  "2x2" = matrix(c(1, 9, 11, 3), 2, byrow = TRUE),
  "3x4" = matrix(c(2, 0, 1, 3, 0, 4, 1, 0, 5, 1, 0, 2), 3, byrow = TRUE)
)
for (name in names(exact)) put("fisher", name, "", "p", fisher.test(exact[[name]])$p.value)

# ---- shares and their differences
shares_of <- function(outcome, by) {
  used <- used_of(outcome, by)
  id <- paste(outcome, "by", by)
  n <- tapply(used$y, used$g, length)
  x <- tapply(used$y == 1, used$g, sum)
  wilson <- function(a) suppressWarnings(prop.test(x[[a]], n[[a]], correct = FALSE)$conf.int)
  for (a in names(n)) {
    put("wilson", id, a, "low", 100 * wilson(a)[1])
    put("wilson", id, a, "high", 100 * wilson(a)[2])
  }
  p_all <- c()
  for (i in seq_len(length(n) - 1)) for (j in (i + 1):length(n)) {
    a <- names(n)[i]
    b <- names(n)[j]
    name <- pair(a, b)
    p1 <- x[[a]] / n[[a]]
    p2 <- x[[b]] / n[[b]]
    w1 <- wilson(a)
    w2 <- wilson(b)
    put("newcombe", id, name, "low", 100 * (p1 - p2 - sqrt((p1 - w1[1])^2 + (w2[2] - p2)^2)))
    put("newcombe", id, name, "high", 100 * (p1 - p2 + sqrt((w1[2] - p1)^2 + (p2 - w2[1])^2)))
    counts <- matrix(c(x[[a]], x[[b]], n[[a]] - x[[a]], n[[b]] - x[[b]]), 2)
    test <- suppressWarnings(chisq.test(counts, correct = FALSE))
    put("newcombe", id, name, "z2", test$statistic)
    p <- if (min(test$expected) < 5) fisher.test(counts)$p.value else test$p.value
    put("newcombe", id, name, "p_unadjusted", p)
    p_all[name] <- p
    # Miettinen and Nurminen: the likelihood at a given difference maximized numerically
    score <- function(d) {
      log_likelihood <- function(q) {
        dbinom(x[[a]], n[[a]], q + d, log = TRUE) + dbinom(x[[b]], n[[b]], q, log = TRUE)
      }
      edge <- 1e-12
      q <- optimize(log_likelihood, c(max(0, -d) + edge, min(1, 1 - d) - edge), maximum = TRUE, tol = 1e-13)$maximum
      total <- n[[a]] + n[[b]]
      variance <- ((q + d) * (1 - q - d) / n[[a]] + q * (1 - q) / n[[b]]) * total / (total - 1)
      (p1 - p2 - d) / sqrt(variance)
    }
    put("tost_shares", id, name, "p_lower", pnorm(score(-.10), lower.tail = FALSE))
    put("tost_shares", id, name, "p_upper", pnorm(score(.10)))
    put("tost_shares", id, name, "p_difference", 2 * pnorm(-abs(score(0))))
    put("tost_shares", id, name, "low", 100 * root(function(d) score(d) - qnorm(.95), -.999, p1 - p2 - 1e-9))
    put("tost_shares", id, name, "high", 100 * root(function(d) score(d) + qnorm(.95), p1 - p2 + 1e-9, .999))
  }
  holm <- p.adjust(p_all, "holm")
  for (name in names(holm)) put("newcombe", id, name, "p", holm[[name]])
}
shares_of("pop", "groep")
shares_of("pop", "klein") # nobody says yes in klein = 2
shares_of("zorgtaken", "opleidingsniveau")

# ---- a standardized coefficient: delta method with HC3 residuals, from its formula
used <- na.omit(data[, c("succes", "netwerken", "scholing", "geslacht", "leeftijd")])
z <- scale(used) * sqrt(nrow(used) / (nrow(used) - 1)) # divisor n
fit <- lm(succes ~ ., as.data.frame(z))
inverse <- solve(crossprod(z[, -1]) / nrow(z))
for (x in colnames(z)[-1]) {
  beta <- coef(fit)[[x]]
  influence <- (z[, -1] %*% inverse)[, x] * residuals(fit) / (1 - hatvalues(fit)) +
    beta * (z[, x]^2 - z[, "succes"]^2) / 2
  se <- sqrt(sum(influence^2)) / nrow(z)
  df <- df.residual(fit)
  put("tost_beta", x, "succes", "beta", beta)
  put("tost_beta", x, "succes", "p_lower", pt((beta + .15) / se, df, lower.tail = FALSE))
  put("tost_beta", x, "succes", "p_upper", pt((beta - .15) / se, df))
  put("tost_beta", x, "succes", "low", beta - qt(.95, df) * se)
  put("tost_beta", x, "succes", "high", beta + qt(.95, df) * se)
}

# ---- families of tests
p <- c(.01, .04, NA, .03, .005, .5, .04, 1e-12, 1, NA)
for (i in seq_along(p)) if (!is.na(p[i])) {
  put("p.adjust", i, "", "holm", p.adjust(p, "holm")[i])
  put("p.adjust", i, "", "bh", p.adjust(p, "BH")[i])
}

write.csv(do.call(rbind, results), "inference_groups_r.csv", row.names = FALSE, quote = FALSE)

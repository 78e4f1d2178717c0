# Indices of careless answering with base R (rle, rowMeans, duplicated), on made-up answers.
# Writes careless_data.csv and careless_r.csv. Rscript careless.R
set.seed(20061122)
n <- 250
blocks <- list(
  eens_a = paste0("loopbaantevredenheid_", 1:3),
  zeker = paste0("effectiviteit_", 1:5),
  mate = c(paste0("gezondheidsbelemmeringen_", 1:3), paste0("privebelemmeringen_", 1:3)),
  eens_b = c(paste0("employability_", 1:4), paste0("willen_", 1:3))
)
items <- unlist(blocks, use.names = FALSE)
# Each answer repeats the one before with a probability of the person, so that runs of all lengths occur.
stay <- runif(n)
data <- matrix(NA_real_, n, length(items), dimnames = list(NULL, items))
data[, 1] <- sample(1:5, n, TRUE)
for (k in 2:length(items)) {
  data[, k] <- ifelse(runif(n) < stay, data[, k - 1], sample(1:5, n, TRUE))
}
data[matrix(runif(length(data)) < 0.08, n)] <- NA
data[241:245, ] <- data[1:5, ]
data[246, ] <- data[1, ]
data[247:248, ] <- NA
data <- as.data.frame(data)
write.csv(data, "careless_data.csv", row.names = FALSE, na = "")

longest <- apply(data, 1, function(x) if (all(is.na(x))) 0 else max(rle(x[!is.na(x)])$lengths))
answered <- rowSums(!is.na(data))
straight <- usable <- numeric(n)
for (block in blocks) {
  if (length(block) < 5) next
  part <- data[, block]
  enough <- rowSums(!is.na(part)) >= 5
  one <- apply(part, 1, function(x) length(unique(x[!is.na(x)])) == 1)
  usable <- usable + enough
  straight <- straight + (enough & one)
}
gap <- function(plain, mirrored) {
  abs(rowMeans(data[, plain, drop = FALSE], na.rm = TRUE) - (6 - data[[mirrored]]))
}
gaps <- cbind(
  gap(c("loopbaantevredenheid_1", "loopbaantevredenheid_3"), "loopbaantevredenheid_2"),
  gap(paste0("employability_", 1:3), "employability_4")
)
gaps[is.nan(gaps)] <- NA
largest <- apply(gaps, 1, function(x) if (all(is.na(x))) NA else max(x, na.rm = TRUE))
both <- apply(gaps, 1, function(x) if (anyNA(x)) NA else min(x))
key <- apply(data, 1, paste, collapse = "|")
alike <- as.vector(table(key)[key])
out <- data.frame(longest, answered, straight, usable, largest, both, alike)
write.csv(format(out, digits = 17, trim = TRUE), "careless_r.csv", row.names = FALSE, quote = FALSE)

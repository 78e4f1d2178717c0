# Writes the small files that tests/test_reading_formats.py reads, and what is in them (values.csv).
# Nobody here wrote the writers: haven (R) makes Stata and SAS files. In this folder:
#
#     Rscript formats.R
library(haven)

n <- 6
score <- c(1, 2.5, tagged_na("a"), tagged_na("z"), NA, 5)
naam <- c("aap", " noot", "", "m\u00edes", "wim", "zus")
dag <- as.Date(c("2031-02-17", NA, "1950-05-05", "2000-02-29", "1899-12-31", "2031-12-31"))
moment <- as.POSIXct("2031-02-17 12:30:15", tz = "UTC") + (0:5) * 86400

plain <- data.frame(respnr = 5001:5006, score = score, naam = naam, dag = dag, moment = moment)

stata <- plain
stata$score <- labelled(
  score, c(laag = 1, hoog = 5, weigert = tagged_na("a"), `weet niet` = tagged_na("z")),
  label = "Score van de vraag"
)
write_dta(stata, "small.dta", version = 14)

sas <- plain
sas$score <- c(1, 2.5, tagged_na("A"), tagged_na("Z"), NA, 5)
attr(sas$score, "label") <- "Score van de vraag"
write_xpt(sas, "small_v5.xpt", version = 5, name = "SMALL")
write_xpt(sas, "small_v8.xpt", version = 8, name = "SMALL")
suppressWarnings(write_sas(sas, "small.sas7bdat"))

# As texts, since a CSV has no room for the kinds of missing.
as_text <- ifelse(is_tagged_na(score), paste0(".", na_tag(score)), as.character(score))
values <- data.frame(
  respnr = plain$respnr, score = as_text, naam = naam, dag = format(dag),
  moment = format(moment, "%Y-%m-%d %H:%M:%S")
)
write.csv(values, "values.csv", row.names = FALSE, na = "", fileEncoding = "UTF-8")

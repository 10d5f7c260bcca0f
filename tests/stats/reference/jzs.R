# Makes jzs_r.json: JZS Bayes factors by R's BayesFactor, of one sample (n2 = 0) and of two.
# Run in this folder: Rscript jzs.R

suppressMessages(library(BayesFactor))
library(jsonlite)

cases <- expand.grid(t = c(0, -1.3, 2.5, 6), n = c("10,0", "8,8", "5,12"), r = c(0.5, sqrt(0.5), 1), stringsAsFactors = FALSE)
paired <- t.test(sleep$extra[11:20] - sleep$extra[1:10])
cases <- rbind(cases, data.frame(t = unname(paired$statistic), n = "10,0", r = sqrt(0.5)))
n <- do.call(rbind, lapply(strsplit(cases$n, ","), as.numeric))
cases <- data.frame(t = cases$t, n1 = n[, 1], n2 = n[, 2], r = cases$r)
cases$log_bf10 <- mapply(function(t, n1, n2, r) ttest.tstat(t, n1, n2, rscale = r)[["bf"]], cases$t, cases$n1, cases$n2, cases$r)
software <- list(R = as.character(getRversion()), BayesFactor = as.character(packageVersion("BayesFactor")))
writeLines(toJSON(list(software = software, cases = cases), digits = NA, auto_unbox = TRUE), "jzs_r.json")

# Makes bootstrap.json: a BCa interval of R's boot from resamples that are written down with it.
# The jackknife influence of each unit, over its cell's size, is given to boot.ci (Davison and Hinkley 1997, 5.3.2).
# Run in this folder: Rscript bootstrap.R
suppressMessages({library(boot); library(jsonlite)})
set.seed(11)
d <- data.frame(y = round(c(rexp(7, 1 / 150), rexp(9, 1 / 110)), 1), g = rep(1:2, c(7, 9)))
difference <- function(d, i) mean(d$y[i][d$g[i] == 2]) - mean(d$y[i][d$g[i] == 1])
b <- boot(d, difference, R = 999, strata = d$g)
n <- c(7, 9)[d$g]
left <- sapply(seq_along(n), function(k) difference(d[-k, ], seq_len(nrow(d) - 1)))
influence <- (n - 1) * (ave(left, d$g) - left)
ci <- boot.ci(b, conf = .95, type = "bca", L = influence / n)$bca
writeLines(toJSON(list(
  software = list(R = as.character(getRversion()), boot = as.character(packageVersion("boot"))),
  cells = list(d$y[d$g == 2], d$y[d$g == 1]), resampled = as.numeric(b$t), estimate = b$t0, interval = ci[4:5]
), digits = NA, auto_unbox = TRUE), "bootstrap.json")

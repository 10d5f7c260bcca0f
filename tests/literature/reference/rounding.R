# R's round() of probabilities, half of them as near to two numbers of these decimals as doubles are.
# Rscript rounding.R > rounding.json   (R 4.2)
set.seed(1)
decimals <- rep(1:6, 100)
ties <- (floor(runif(600) * 10^decimals) + 0.5) / 10^decimals
x <- ifelse(rep(c(TRUE, FALSE), 300), ties, runif(600))
number <- function(values) paste(sprintf("%.17g", values), collapse = ", ")
cat(sprintf('{"x": [%s], "decimals": [%s], "rounded": [%s]}\n', number(x), number(decimals), number(mapply(round, x, decimals))))

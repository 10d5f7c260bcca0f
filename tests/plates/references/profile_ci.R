# Profile-likelihood limits of a concentration read from a 4PL, by base R: Rscript profile_ci.R > profile_ci.json
# The sample's mean signal (of two wells) is one more point, at a concentration x0 that is tried; the limits are where
# the sum of squares has grown by t^2 s^2. The two asymptotes are solved for by lm.wfit, steepness and midpoint by nlminb.
# No code is shared with the package.
x <- rep(c(0, 15.6, 31.2, 62.5, 125, 250, 500, 1000), each = 2)
y <- c(0.058, 0.063, 0.148, 0.151, 0.261, 0.239, 0.472, 0.449, 0.877, 0.912, 1.431, 1.378, 2.083, 2.021, 2.512, 2.631)
signals <- c(0.2, 0.9, 2.2)
best <- function(x, y, w) {
  ss <- function(q) {
    share <- 1 / (1 + (x / exp(q[2]))^exp(q[1]))
    sum(w * lm.wfit(cbind(share, 1 - share), y, w)$residuals^2)
  }
  found <- list(par = c(log(1.2), log(300)))
  for (again in 1:3) found <- nlminb(found$par, ss, control = list(rel.tol = 1e-15, x.tol = 1e-14, iter.max = 1000))
  q <- found$par; share <- 1 / (1 + (x / exp(q[2]))^exp(q[1]))
  list(ss = found$objective, b = exp(q[1]), c = exp(q[2]), ad = lm.wfit(cbind(share, 1 - share), y, w)$coefficients)
}
one <- rep(1, length(x))
base <- best(x, y, one); df <- length(x) - 4; limit <- qt(0.975, df)^2 * base$ss / df
inverse <- function(s) base$c * ((base$ad[[1]] - base$ad[[2]]) / (s - base$ad[[2]]) - 1)^(1 / base$b)
rows <- sapply(signals, function(s) {
  middle <- log(inverse(s))
  f <- function(lx0) best(c(x, exp(lx0)), c(y, s), c(one, 2))$ss - base$ss - limit
  low <- uniroot(f, c(middle - 1.2, middle), tol = 1e-12)$root
  high <- uniroot(f, c(middle, middle + 1.2), tol = 1e-12)$root
  sprintf('{"signal": %.17g, "value": %.17g, "low": %.17g, "high": %.17g}', s, exp(middle), exp(low), exp(high))
})
cat(sprintf('{"R": "%s",\n "x": [%s],\n "y": [%s],\n "limits": [%s]}\n', getRversion(), paste(x, collapse = ", "),
  paste(y, collapse = ", "), paste(rows, collapse = ",\n  ")))

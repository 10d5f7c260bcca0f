# Makes robust.json: made-up data of fixed seeds and what R says of them by car, base R, MASS and mice; where R has no
# function at hand (Johansen, ANOVA-type statistic, aligned ranks, Games-Howell) the formulas of the papers in matrices.
# Run in this folder: Rscript robust.R

suppressPackageStartupMessages({library(car); library(jsonlite); library(MASS); library(mice)})
options(contrasts = c("contr.sum", "contr.poly"))
lines <- function(a) data.frame(term = trimws(rownames(a)), df = a$Df, f = a[["F"]], p = a[["Pr(>F)"]])
test <- function(x) list(statistic = unname(x$statistic), df = unname(x$parameter), p = x$p.value)

johansen <- function(y, g, C) {
  m <- tapply(y, g, mean); n <- tapply(y, g, length); S <- diag(tapply(y, g, var) / n)
  inner <- solve(C %*% S %*% t(C)); stat <- drop(t(C %*% m) %*% inner %*% (C %*% m))
  P <- S %*% t(C) %*% inner %*% C
  A <- 0
  for (j in seq_along(m)) { Q <- matrix(0, length(m), length(m)); Q[j, j] <- 1
    A <- A + (sum(diag(P %*% Q %*% P %*% Q)) + sum(diag(P %*% Q))^2) / (n[j] - 1) }
  A <- A / 2; q <- nrow(C); df2 <- q * (q + 2) / (3 * A); f <- stat / (q + 2 * A - 6 * A / (q + 2))
  list(f = unname(f), df = q, df_error = unname(df2), p = unname(pf(f, q, df2, lower.tail = FALSE)))
}
ats <- function(y, g, T) {
  N <- length(y); m <- tapply(y, g, mean); n <- tapply(y, g, length); V <- N * diag(tapply(y, g, var) / n)
  f <- N * drop(t(m) %*% T %*% m) / sum(diag(T %*% V)); D <- diag(diag(T))
  df <- sum(diag(T %*% V))^2 / sum(diag(T %*% V %*% T %*% V))
  df2 <- sum(diag(D %*% V))^2 / sum(diag(D %*% D %*% V %*% V %*% diag(1 / (n - 1))))
  list(f = f, df = df, df_error = df2, p = pf(f, df, df2, lower.tail = FALSE))
}
pseudo <- function(y, g) {
  sapply(y, function(x) .5 + length(y) * mean(tapply(y, g, function(z) mean((z < x) + .5 * (z == x)))))
}
hypotheses <- function(d, factors) {
  pick <- function(k) unlist(lapply(seq_along(k), function(s) combn(k, s, simplify = FALSE)), recursive = FALSE)
  piece <- function(f, t, full) { a <- nlevels(d[[f]])
    if (f %in% t) (if (full) diag(a) - 1 / a else cbind(diag(a - 1), -1)) else matrix(1 / a, if (full) a else 1, a) }
  sets <- pick(factors)
  out <- lapply(sets, function(t) lapply(c(T = TRUE, C = FALSE), function(full)
    Reduce(kronecker, lapply(factors, piece, t = t, full = full))))
  setNames(out, sapply(sets, paste, collapse = ":"))
}
cells <- function(d, factors) interaction(d[factors], lex.order = TRUE)
factorial <- function(d, factors) {
  g <- cells(d, factors); h <- hypotheses(d, factors); m <- lm(reformulate(paste(factors, collapse = "*"), "y"), d)
  X <- model.matrix(m); at <- attr(X, "assign"); term <- attr(terms(m), "term.labels")
  art <- lapply(seq_along(term), function(k) {
    aligned <- resid(m) + drop(X[, at == k, drop = FALSE] %*% coef(m)[at == k])
    e <- d; e$y <- rank(round(aligned / max(abs(aligned)), 10))
    a <- Anova(lm(formula(m), e), type = 3); list(f = a[term[k], "F value"], p = a[term[k], "Pr(>F)"]) })
  list(welch_james = lapply(h, function(k) johansen(d$y, g, k$C)), ats = lapply(h, function(k) ats(d$y, g, k$T)),
       rank_ats = lapply(h, function(k) ats(rank(d$y), g, k$T)),
       pseudo_ats = lapply(h, function(k) ats(pseudo(d$y, g), g, k$T)), aligned_ranks = setNames(art, term))
}
hc <- function(m) {
  kinds <- c("hc0", "hc1", "hc2", "hc3", "hc4")
  one <- function(type) setNames(lapply(kinds, function(k) lines(suppressMessages(Anova(m, type = type, white.adjust = k)))), kinds)
  list(type2 = one(2), type3 = one(3), vcov3 = hccm(m, type = "hc3"), names = names(coef(m)), coef = unname(coef(m)))
}
spread <- function(y, g, m) {
  lev <- function(...) { a <- leveneTest(y, g, ...); list(f = a[1, "F value"], p = a[1, "Pr(>F)"]) }
  e <- resid(m)^2; X <- model.matrix(m); bp <- length(e) * summary(lm(e ~ X - 1))$r.squared
  r <- lm.fit(X, e); bp <- length(e) * (1 - sum(r$residuals^2) / sum((e - mean(e))^2))
  list(mean = lev(center = mean), median = lev(center = median), trimmed = lev(center = mean, trim = .1),
       bartlett = test(bartlett.test(y, g)), fligner = test(fligner.test(y, g)),
       breusch_pagan = list(statistic = bp, p = pchisq(bp, ncol(X) - 1, lower.tail = FALSE)),
       leverage = unname(hatvalues(m)), cooks = unname(cooks.distance(m)), rstandard = unname(rstandard(m)), rstudent = unname(rstudent(m)))
}
box <- function(m) {
  y <- m$model[[1]]; X <- model.matrix(m); gm <- exp(mean(log(y)))
  ll <- function(l) { z <- if (abs(l) < 1e-9) gm * log(y) else (y^l - 1) / (l * gm^(l - 1)); -length(y) / 2 * log(sum(lm.fit(X, z)$residuals^2)) }
  best <- optimize(ll, c(-5, 5), maximum = TRUE, tol = 1e-12); at <- best$maximum; reach <- best$objective - qchisq(.95, 1) / 2
  grid <- boxcox(m, lambda = seq(-1, 2, .5), plotit = FALSE)
  list(power = at, low = uniroot(function(l) ll(l) - reach, c(-5, at), tol = 1e-12)$root, high = uniroot(function(l) ll(l) - reach, c(at, 5), tol = 1e-12)$root,
       mass_differences = diff(grid$y), own_differences = diff(sapply(grid$x, ll)))
}
out <- list(software = list(R = as.character(getRversion()), car = as.character(packageVersion("car")), mice = as.character(packageVersion("mice"))))

# 1. unbalanced 2 x 2 with unequal variances; a number rounded so that ranks tie
set.seed(11)
d <- expand.grid(magnesium = factor(c("control", "mg")), ketamine = factor(c("saline", "ketamine"), c("saline", "ketamine")))[rep(1:4, c(7, 8, 6, 5)), ]
d$y <- round(140 - 25 * (d$ketamine == "ketamine") + rnorm(26, 0, c(10, 20, 30, 40)[as.integer(cells(d, c("magnesium", "ketamine")))]))
m <- lm(y ~ magnesium * ketamine, d); g <- cells(d, c("magnesium", "ketamine"))
out$two_by_two <- c(list(data = d, hc = hc(m), spread = spread(d$y, g, m), box_cox = box(m), welch_one_way = test(oneway.test(y ~ g, d)),
  kruskal = test(kruskal.test(d$y, g))), factorial(d, c("magnesium", "ketamine")))

# 2. unbalanced 3 x 2 with blocks and a covariate: HC only
d <- expand.grid(diet = factor(c("control", "deficient", "supplemented")), ketamine = factor(c("saline", "ketamine"), c("saline", "ketamine")))[rep(1:6, c(6, 5, 7, 6, 4, 6)), ]
d$membrane <- factor(sample(rep(c("M1", "M2", "M3"), length.out = nrow(d)))); d$weight <- round(rnorm(nrow(d), 30, 2), 1)
d$y <- round(exp(rnorm(nrow(d), .02 * d$weight, .3)), 4)
m <- lm(y ~ membrane + weight + diet * ketamine, d)
out$in_blocks <- list(data = d, hc = hc(m))
m <- lm(y ~ diet * ketamine, d)
out$three_by_two <- c(list(data = d[c("diet", "ketamine", "y")], hc = hc(m), spread = spread(d$y, cells(d, c("diet", "ketamine")), m), box_cox = box(m)), factorial(d, c("diet", "ketamine")))

# 3. unbalanced 2 x 2 x 3
d <- expand.grid(sex = factor(c("f", "m")), a = factor(c("no", "yes")), b = factor(c("0", "5", "15"), c("0", "5", "15")))[rep(1:12, rep(c(3, 4, 5), 4)), ]
d$y <- round(rnorm(nrow(d), as.integer(d$b), 1 + (d$a == "yes")), 2)
out$three_factors <- c(list(data = d, hc = hc(lm(y ~ sex * a * b, d))), factorial(d, c("sex", "a", "b")))

# 4. two groups, ranks, pairs
x <- c(12.1, 13.4, 9.8, 15.2, 11.1, 14.9, 10.3); y <- c(14.2, 19.9, 16.7, 22.8, 18.3); z <- c(20.5, 21.7, 13.3, 16.1, 30.2, 25)
two <- function(t) c(test(t), list(ci = as.numeric(t$conf.int), se = t$stderr))
pair <- function(a, b) { t <- t.test(b, a); list(t = unname(t$statistic), df = unname(t$parameter), p = ptukey(abs(unname(t$statistic)) * sqrt(2), 3, unname(t$parameter), lower.tail = FALSE),
  reach = qtukey(.95, 3, unname(t$parameter)) * t$stderr / sqrt(2)) }
rm <- matrix(c(5, 3, 8, 6, 7, 2, 9, 4, 6, 5, 5, 8, 1, 3, 4), 5, 3, byrow = TRUE)
out$groups <- list(x = x, y = y, z = z, welch = two(t.test(x, y)), student = two(t.test(x, y, var.equal = TRUE)), wilcox = test(wilcox.test(x, y)),
  tied = list(a = c(1, 2, 2, 3, 5), b = c(2, 3, 4, 4, 6, 7), result = test(suppressWarnings(wilcox.test(c(1, 2, 2, 3, 5), c(2, 3, 4, 4, 6, 7))))),
  one_way = test(oneway.test(c(x, y, z) ~ factor(rep(1:3, c(7, 5, 6))))), games_howell = list(yx = pair(x, y), zx = pair(x, z), zy = pair(y, z)),
  friedman = c(list(data = rm), test(friedman.test(rm))))

# 5. Rubin's rules
set.seed(5)
q <- rnorm(20, 12, 1.5); u <- rchisq(20, 20) / 5; p <- pool.scalar(q, u, n = 32, k = 4)
Q <- matrix(rnorm(40), 20, 2) + 2; U <- lapply(1:20, function(i) { A <- matrix(rnorm(4), 2); crossprod(A) + diag(2) })
ubar <- Reduce(`+`, U) / 20; r <- (1 + 1 / 20) * sum(diag(cov(Q) %*% solve(ubar))) / 2; qbar <- colMeans(Q)
d1 <- drop(t(qbar) %*% solve(ubar) %*% qbar) / 2 / (1 + r)
out$rubin <- list(q = q, u = u, estimate = p$qbar, ubar = p$ubar, b = p$b, t = p$t, df = p$df, r = p$r, fmi = p$fmi,
  Q = Q, U = lapply(U, as.vector), d1 = list(f = d1, r = r))
grubbs_p <- function(v) { n <- length(v); G <- max(abs(v - mean(v))) / sd(v); t <- sqrt(n * (n - 2) * G^2 / ((n - 1)^2 - n * G^2)); list(g = G, p = min(1, 2 * n * pt(t, n - 2, lower.tail = FALSE))) }
out$outliers <- list(z = z, grubbs = grubbs_p(z), modified_z = .6745 * (z - median(z)) / mad(z, constant = 1))
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "robust.json")

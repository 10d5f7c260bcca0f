# Reference numbers for tests/literature: metafor on dat.bcg (log risk and odds ratios), dat.normand1999 (Hedges' g,
# differences of means), dat.curtis1998 (log ratios of means) and a simulated preclinical set with clustered effects.
# Run: Rscript metafor.R > metafor.json   (metafor 3.8-1, metadat 1.2-0, jsonlite)
# Iterations are made tighter than metafor's defaults: its uniroot stops at 1e-4 otherwise.
suppressMessages({library(metafor); library(jsonlite)})
methods <- c("EE", "DL", "REML", "ML", "PM", "SJ", "HE", "EB", "HS")
fit <- function(...) {
  for (threshold in 10^-(13:10)) { # scoring may go round in circles below the last digits
    found <- tryCatch(suppressWarnings(rma(..., control = list(threshold = threshold, maxiter = 2000, tol = 1e-15))),
                      error = function(e) NULL)
    if (!is.null(found)) return(found)
  }
  stop("no convergence")
}
num <- function(x) as.numeric(x)

fitted_model <- function(r) list(
  beta = num(r$beta), se = num(r$se), statistic = num(r$zval), p = num(r$pval), ci = rbind(num(r$ci.lb), num(r$ci.ub)),
  tau2 = r$tau2, tau2_se = r$se.tau2, i2 = r$I2, h2 = r$H2, q = r$QE, q_p = r$QEp, qm = r$QM, qm_p = r$QMp,
  loglik = num(logLik(r, REML = r$method == "REML")), weights = num(weights(r)))

tau2_interval <- function(r) {
  found <- confint(r, control = list(tol = 1e-15, maxiter = 100000))$random
  list(tau2 = num(found[1, 2:3]), i2 = num(found[3, 2:3]), h2 = num(found[4, 2:3]))
}

filled <- function(r, estimator) {
  found <- suppressWarnings(trimfill(r, estimator = estimator, control = list(threshold = 1e-11, maxiter = 2000)))
  list(k0 = found$k0, side = found$side, beta = num(found$beta), ci = c(found$ci.lb, found$ci.ub))
}

whole <- function(e) {
  yi <- num(e$yi); vi <- num(e$vi)
  out <- list(yi = yi, vi = vi)
  out$methods <- setNames(lapply(methods, function(m) fitted_model(fit(yi, vi, method = m))), methods)
  out$tests <- setNames(lapply(c("t", "knha", "adhoc"), function(s) fitted_model(fit(yi, vi, test = s))),
                        c("t", "knha", "adhoc"))
  r <- fit(yi, vi); h <- fit(yi, vi, test = "knha"); p <- predict(r); q <- predict(h)
  out$prediction <- list(z = c(p$pi.lb, p$pi.ub), knha = c(q$pi.lb, q$pi.ub),
                         t = num(r$beta) + c(-1, 1) * qt(.975, r$k - 2) * sqrt(num(r$se)^2 + r$tau2))
  out$interval <- tau2_interval(r)
  sei <- sqrt(vi); m <- fit(yi, vi, mods = cbind(sei)); k <- fit(yi, vi, mods = cbind(sei), test = "knha")
  w <- summary(lm(yi ~ sei, weights = 1 / vi))$coefficients
  out$egger <- list(z = num(m$zval[2]), p = num(m$pval[2]), limit = num(m$beta[1]), t_knha = num(k$zval[2]),
                    regtest = num(regtest(r)$zval), lm_t = w[2, 3], lm_p = w[2, 4], lm_limit = w[1, 1],
                    regtest_lm = num(regtest(r, model = "lm")$zval))
  rank <- suppressWarnings(ranktest(r)); out$rank <- list(tau = num(rank$tau), p = num(rank$pval))
  out$filled <- list(L0 = filled(r, "L0"), R0 = filled(r, "R0"))
  out$without <- lapply(seq_along(yi), function(i) { l <- fit(yi[-i], vi[-i]); list(beta = num(l$beta), se = l$se, tau2 = l$tau2) })
  out
}

regressions <- function(e, formulas) lapply(formulas, function(text) lapply(setNames(methods, methods), function(m) {
  both <- lapply(c(z = "z", knha = "knha"), function(s) fitted_model(fit(e$yi, e$vi, mods = model.matrix(as.formula(text), e)[, -1, drop = FALSE], method = m, test = s)))
  null <- fit(e$yi, e$vi, method = m)
  both$z$r2 <- if (null$tau2 > 0) max(0, 100 * (null$tau2 - both$z$tau2) / null$tau2) else NA
  both
}))

subgroups <- function(e, column) {
  levels <- unique(as.character(e[[column]]))
  fits <- lapply(levels, function(l) fit(e$yi, e$vi, subset = e[[column]] == l))
  b <- sapply(fits, function(f) num(f$beta)); s <- sapply(fits, function(f) f$se)
  between <- rma(b, s^2, method = "EE")
  common <- fit(e$yi, e$vi, mods = model.matrix(~ factor(e[[column]]))[, -1])
  list(levels = levels, beta = b, se = s, tau2 = sapply(fits, function(f) f$tau2), q = between$QE, p = between$QEp,
       qm = common$QM, qm_p = common$QMp)
}

bcg <- dat.bcg
rr <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg)
or <- escalc("OR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = bcg)
normand <- dat.normand1999
arms <- function(measure, d) escalc(measure, m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = d)
curtis <- dat.curtis1998[1:40, c("id", "paper", "genus", "fungrp", "time", "m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i")]
curtis$genus <- tolower(iconv(as.character(curtis$genus), to = "ASCII", sub = ""))

set.seed(20261128)
k <- 18
pre <- data.frame(study = sprintf("Lab %02d", c(1:12, 12, 13, 14, 14, 14, 15)), year = 2004,
                  species = rep(c("mouse", "rat", "mouse"), length.out = k), dose = rep(c(3, 10, 15, 30), length.out = k),
                  n1i = sample(5:12, k, TRUE), n2i = sample(5:12, k, TRUE))
pre$year <- 2004 + match(pre$study, unique(pre$study)) %/% 2
pre$sd1i <- round(exp(rnorm(k, 3.6, .25)), 1); pre$sd2i <- round(exp(rnorm(k, 3.6, .25)), 1)
pre$m2i <- round(rnorm(k, 150, 15), 1); pre$m1i <- round(pre$m2i - 12 - .9 * pre$dose + rnorm(k, 0, 18), 1)
pre_g <- arms("SMD", pre)
ag <- aggregate(pre_g, cluster = study, rho = 0.5)

zero <- data.frame(tpos = c(0, 3, 0, 5), tneg = c(10, 9, 8, 20), cpos = c(4, 5, 0, 9), cneg = c(7, 8, 9, 15))
small <- function(m) { e <- escalc(m, ai = tpos, bi = tneg, ci = cpos, di = cneg, data = zero); list(yi = num(e$yi), vi = num(e$vi)) }

out <- list(
  software = list(R = as.character(getRversion()), metafor = as.character(packageVersion("metafor"))),
  data = list(bcg = bcg[, c("author", "year", "tpos", "tneg", "cpos", "cneg", "ablat", "alloc")],
              normand = normand[, c("study", "n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i")], curtis = curtis,
              preclinical = pre, zero = zero),
  bcg_rr = whole(rr), bcg_or = whole(or), normand_g = whole(arms("SMD", normand)), normand_md = whole(arms("MD", normand)),
  curtis_rom = whole(arms("ROM", curtis)), preclinical_g = whole(pre_g),
  regression_bcg = regressions(rr, list(ablat = "~ ablat", alloc = "~ alloc", both = "~ alloc + ablat")),
  regression_preclinical = regressions(pre_g, list(dose = "~ dose", both = "~ species + dose")),
  subgroups = list(alloc = subgroups(rr, "alloc"), species = subgroups(pre_g, "species")),
  zero = list(RR = small("RR"), OR = small("OR")),
  aggregate = list(study = as.character(ag$study), yi = num(ag$yi), vi = num(ag$vi)),
  two = fitted_model(fit(c(.1, .5), c(.2, .1))), alike = fitted_model(fit(rep(.1, 3), c(1, 2, 3)))
)
cat(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "\n")

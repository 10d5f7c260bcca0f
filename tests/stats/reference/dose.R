# What R says of made-up doses: Rscript dose.R > dose.json
# nls for estimates and sums of squares, its profile for the interval, optimHess for the observed information,
# multcomp for the step-down Dunnett, mvtnorm for Williams' t, lm for additivity.
suppressMessages({library(jsonlite); library(multcomp); library(mvtnorm); library(MASS)})
options(digits = 17)
tight <- nls.control(maxiter = 500, tol = 1e-11, warnOnly = TRUE, scaleOffset = 1)
ll4 <- function(x, b, c, d, le) ifelse(x > 0, c + (d - c) / (1 + exp(b * (log(pmax(x, 1e-300)) - le))), d)

set.seed(11)
one <- data.frame(dose = rep(c(0, 1, 3, 10, 30, 100), each = 8))
one$y <- round(ll4(one$dose, 1.2, 40, 180, log(9)) + rnorm(48) * 14, 3)
fit <- nls(y ~ ll4(dose, b, c, d, le), one, start = list(b = 1, c = 40, d = 180, le = 2), control = tight)
rss <- function(p) sum((one$y - ll4(one$dose, p[1], p[2], p[3], p[4]))^2)
hess <- optimHess(coef(fit), rss, control = list(ndeps = rep(1e-4, 4) * c(1, 100, 100, 1)))
vcov <- 2 * deviance(fit) / df.residual(fit) * solve(hess)
reach <- qt(.975, df.residual(fit))
profile <- suppressMessages(confint(fit, "le"))
ed <- coef(fit)[["le"]] + log((1 / .9 - 1)) / coef(fit)[["b"]]

group <- factor(one$dose)
model <- aov(y ~ group, cbind(one, group))
free <- function(side) {
  set.seed(1)
  found <- glht(model, linfct = mcp(group = "Dunnett"), alternative = side)
  as.numeric(summary(found, test = adjusted("free", abseps = 1e-7, maxpts = 1e6))$test$pvalues)
}
williams <- function(t, n, df) {
  k <- length(n) - 1
  C <- matrix(0, k, k + 1)
  for (u in 1:k) { at <- (u:k) + 1; C[u, at] <- n[at] / sum(n[at]); C[u, 1] <- -1 }
  V <- C %*% diag(1 / n) %*% t(C)
  set.seed(1)
  bound <- t * sqrt(1 / n[k + 1] + 1 / n[1]) / sqrt(diag(V))
  as.numeric(1 - pmvt(upper = bound, corr = cov2cor(V), df = df, algorithm = GenzBretz(maxpts = 5e6, abseps = 1e-8)))
}

set.seed(12)
arms <- data.frame(share = rep(c(1, 0, .1, .3), each = 40), multiple = rep(rep(c(.1, .3, 1, 3, 10), each = 8), 4))
unit <- ifelse(arms$share == 1, 10, ifelse(arms$share == 0, 200, .6 / (arms$share / 10 + (1 - arms$share) / 200)))
arms$total <- signif(arms$multiple * unit, 4)
arms <- rbind(arms, data.frame(share = 1, multiple = 0, total = rep(0, 8)))
unit <- c(unit, rep(1, 8))
arms$y <- round(ll4(arms$total / unit, 1.4, 40, 160, 0) + rnorm(168) * 12, 3)
arms$a <- arms$share * arms$total
arms$b <- (1 - arms$share) * arms$total
arm <- match(arms$share, c(1, 0, .1, .3))
x <- arms$total
y <- arms$y
joint <- nls(y ~ ll4(x, B[arm], c, d, L[arm]), start = list(B = rep(1.4, 4), c = 40, d = 160, L = log(c(10, 200, 40, 14))),
             control = tight)
isobole <- function(lA, lB, power, s) -power * log((s / exp(lA))^(1 / power) + ((1 - s) / exp(lB))^(1 / power))
full <- function(lA, lB, power) c(lA, lB, isobole(lA, lB, power, .1), isobole(lA, lB, power, .3))
loewe <- nls(y ~ ll4(x, B[arm], c, d, full(lA, lB, 1)[arm]),
             start = list(B = rep(1.4, 4), c = 40, d = 160, lA = log(10), lB = log(200)), control = tight)
hewlett <- nls(y ~ ll4(x, B[arm], c, d, full(lA, lB, lambda)[arm]),
               start = list(B = rep(1.4, 4), c = 40, d = 160, lA = log(10), lB = log(200), lambda = 1.7), control = tight)
jrss <- function(p) sum((y - ll4(x, p[1:4][arm], p[5], p[6], p[7:10][arm]))^2)
p <- coef(joint)
jv <- 2 * deviance(joint) / df.residual(joint) *
  solve(optimHess(p, jrss, control = list(ndeps = c(rep(1e-4, 4), 1e-2, 1e-2, rep(1e-4, 4)))))
index <- function(p) unname(p[9] + log(.1 * exp(-p[7]) + .9 * exp(-p[8])))
w <- c(.1 * exp(-p[7]), .9 * exp(-p[8])); w <- w / sum(w)
g <- c(0, 0, 0, 0, 0, 0, -w[1], -w[2], 1, 0)
se <- sqrt(drop(t(g) %*% jv %*% g))
index_ci <- exp(index(p) + c(-1, 1) * qt(.975, df.residual(joint)) * se)

set.seed(13)
grid <- expand.grid(animal = 1:6, a = c(0, 2, 5, 15), b = c(0, 20, 60, 150))
grid$y <- round(ll4(grid$a / 10 + grid$b / 100, 1.3, 40, 180, 0) + rnorm(nrow(grid)) * 12, 3)
crossed <- anova(lm(y ~ factor(a) * factor(b), grid))

set.seed(14)
two <- expand.grid(animal = 1:8, ketamine = c("saline", "ketamine"), magnesium = c("saline", "magnesium"))
two$y <- round(exp(5 - .3 * (two$ketamine == "ketamine") - .2 * (two$magnesium == "magnesium") + rnorm(32) * .15), 3)
raw <- lm(y ~ ketamine * magnesium, two)
logged <- lm(log(y) ~ ketamine * magnesium, two)
last <- function(m) list(estimate = coef(m)[[4]], ci = as.numeric(confint(m)[4, ]), p = coef(summary(m))[4, 4])

cat(toJSON(list(
  software = paste("R", getRversion()),
  one = list(dose = one$dose, y = one$y, coef = as.list(coef(fit)), rss = deviance(fit), se = sqrt(diag(vcov)),
             ed50_log = exp(coef(fit)[["le"]] + c(-1, 1) * reach * sqrt(vcov[4, 4])),
             ed50_profile = exp(as.numeric(profile)), ed10 = exp(ed)),
  dunnett = list(two.sided = free("two.sided"), less = free("less")),
  williams = list(sizes = c(5, 8, 3, 6, 9), df = 26, t = c(.5, 1.8, 2.5, 3.5),
                  p = sapply(c(.5, 1.8, 2.5, 3.5), williams, n = c(5, 8, 3, 6, 9), df = 26)),
  mixture = list(a = arms$a, b = arms$b, y = arms$y, B = unname(p[1:4]), c = p[["c"]], d = p[["d"]], e = exp(unname(p[7:10])),
                 rss = deviance(joint), loewe = deviance(loewe), hewlett = deviance(hewlett), lambda = coef(hewlett)[["lambda"]],
                 index = exp(index(p)), index_ci = index_ci),
  matrix = list(a = grid$a, b = grid$b, y = grid$y, f = crossed[3, 4], p = crossed[3, 5]),
  two = list(ketamine = as.character(two$ketamine), magnesium = as.character(two$magnesium), y = two$y,
             raw = last(raw), log = last(logged))
), digits = NA, auto_unbox = TRUE, pretty = FALSE))

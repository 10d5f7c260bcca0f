# Makes comparisons.json: what R (emmeans, car, mvtnorm, effectsize) says of the data of make.R: marginal means and
# families of contrasts with blocks and with a covariate, an empty cell, ptukey, the largest t, g by average variance.
# Run in this folder after make.R: Rscript comparisons.R
suppressMessages({library(emmeans); library(car); library(jsonlite); library(mvtnorm); library(effectsize)})
options(contrasts = c("contr.sum", "contr.poly"))
made <- function(name) {
  case <- fromJSON(paste0(name, ".json"))
  for (f in names(case$levels)) case$data[[f]] <- factor(case$data[[f]], case$levels[[f]])
  case$data
}
means <- function(e) setNames(as.data.frame(e)[c("emmean", "SE", "lower.CL", "upper.CL")], c("mean", "se", "low", "high"))
family <- function(c) {
  s <- as.data.frame(summary(c, infer = TRUE))
  data.frame(label = as.character(s$contrast), estimate = s$estimate, se = s$SE, low = s$lower.CL, high = s$upper.CL, p = s$p.value)
}

d <- made("three_by_two_in_blocks")
m <- lm(y ~ membrane + diet * ketamine, d)
e <- emmeans(m, ~diet)
blocks <- list(
  diet = means(e), cells = means(emmeans(m, ~ketamine * diet)), proportional = means(emmeans(m, ~diet, weights = "proportional")),
  tukey = family(pairs(e, adjust = "tukey")), holm = family(pairs(e, adjust = "holm")), sidak = family(pairs(e, adjust = "sidak")),
  trends = family(contrast(e, "poly", adjust = "none"))
)

d <- made("covariate")
m <- lm(y ~ weight + magnesium * ketamine, d)
e <- emmeans(m, ~ketamine * magnesium)
k <- contrast(e, "trt.vs.ctrl", adjust = "none")
v <- vcov(k)
t <- as.data.frame(k)$t.ratio
set.seed(1)
p <- sapply(t, function(x) 1 - pmvt(-rep(abs(x), 3), rep(abs(x), 3), df = df.residual(m), corr = cov2cor(v), algorithm = GenzBretz(5e6, 1e-7, 0)))
covariate <- list(cells = means(e), dunnett_t = t, dunnett_p_by_mvtnorm = p)

d <- made("additive")
m <- lm(y ~ a * b, d)
a <- Anova(m, type = 2, singular.ok = TRUE)
empty_cell <- list(df = a$Df, ss = a[["Sum Sq"]], p = a[["Pr(>F)"]][1:3], tukey_at_a1 = family(pairs(emmeans(m, ~b | a), adjust = "tukey"))[1:3, ])

d <- subset(made("two_by_two"), magnesium == "mg")
g <- as.data.frame(hedges_g(y ~ ketamine, data = d, pooled_sd = FALSE))
q <- expand.grid(q = c(.5, 3, 4.5), groups = c(2, 3, 6, 12), df = c(3, 12, 28, 200))
q$p <- ptukey(q$q, q$groups, q$df, lower.tail = FALSE)
writeLines(toJSON(list(
  software = sapply(c("emmeans", "car", "mvtnorm", "effectsize"), function(p) as.character(packageVersion(p))),
  blocks = blocks, covariate = covariate, empty_cell = empty_cell, average_variance_g = unlist(g[c(1, 3, 4)]), ptukey = q,
  qtukey = qtukey(.95, 4, 25)
), digits = NA, auto_unbox = TRUE), "comparisons.json")

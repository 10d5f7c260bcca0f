# Makes the reference cases of tests/stats: made-up data of fixed seeds, and what R (stats, car) says of them.
# Run in this folder: Rscript make.R

library(car)
library(jsonlite)
options(contrasts = c("contr.sum", "contr.poly"))

lines <- function(a) {
  a <- as.data.frame(a)
  if (!"Df" %in% names(a)) stop("no Df")
  data.frame(term = trimws(rownames(a)), df = a$Df, ss = a[["Sum Sq"]], f = a[["F value"]], p = a[["Pr(>F)"]])
}

# A difference of (marginal) means: rows of the grid of cells averaged with the weights given.
difference <- function(m, grid, weights) {
  tt <- delete.response(terms(m))
  x <- model.matrix(tt, grid, xlev = m$xlevels, contrasts.arg = m$contrasts)
  l <- drop(crossprod(x, weights))
  est <- sum(l * coef(m))
  se <- sqrt(drop(t(l) %*% vcov(m) %*% l))
  df <- df.residual(m)
  t <- est / se
  list(estimate = est, se = se, t = t, p = 2 * pt(-abs(t), df), low = est - qt(.975, df) * se, high = est + qt(.975, df) * se)
}

case <- function(name, title, d, model, contrasts, factors) {
  m <- lm(model, d)
  out <- list(
    title = title,
    software = list(R = as.character(getRversion()), car = as.character(packageVersion("car"))),
    formula = deparse(model),
    levels = lapply(Filter(is.factor, d), levels),
    data = d,
    type1 = lines(anova(m)), type2 = lines(Anova(m, type = 2)), type3 = subset(lines(Anova(m, type = 3)), term != "(Intercept)"),
    differences = contrasts(m)
  )
  cell <- droplevels(interaction(d[factors]))
  bf <- leveneTest(resid(m), cell, center = median)
  sw <- shapiro.test(resid(m))
  out$brown_forsythe <- list(f = bf[1, "F value"], p = bf[1, "Pr(>F)"])
  out$shapiro_wilk <- list(w = unname(sw$statistic), p = sw$p.value)
  writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", pretty = TRUE), paste0(name, ".json"))
}

draw <- function(seed, cells, n) {
  set.seed(seed)
  d <- cells[rep(seq_len(nrow(cells)), n), , drop = FALSE]
  rownames(d) <- NULL
  d
}

# 1. unbalanced 2 x 2
cells <- expand.grid(magnesium = factor(c("control", "mg")), ketamine = factor(c("saline", "ketamine"), c("saline", "ketamine")))
d <- draw(101, cells, c(7, 8, 6, 5))
d$y <- round(140 + 8 * (d$magnesium == "mg") - 25 * (d$ketamine == "ketamine") + rnorm(nrow(d), 0, 20), 1)
case("two_by_two", "unbalanced 2 x 2", d, y ~ magnesium * ketamine, function(m) {
  w <- function(mg, ket) as.numeric(cells$magnesium == mg & cells$ketamine == ket)
  list(
    magnesium = difference(m, cells, (w("mg", "saline") + w("mg", "ketamine") - w("control", "saline") - w("control", "ketamine")) / 2),
    ketamine = difference(m, cells, (w("control", "ketamine") + w("mg", "ketamine") - w("control", "saline") - w("mg", "saline")) / 2),
    ketamine_at_mg = difference(m, cells, w("mg", "ketamine") - w("mg", "saline")),
    interaction = difference(m, cells, w("mg", "ketamine") - w("mg", "saline") - w("control", "ketamine") + w("control", "saline"))
  )
}, c("magnesium", "ketamine"))

# 2. unbalanced 3 x 2 with additive blocks
cells <- expand.grid(diet = factor(c("control", "deficient", "supplemented")), ketamine = factor(c("saline", "ketamine"), c("saline", "ketamine")))
d <- draw(202, cells, c(6, 5, 7, 6, 4, 6))
d$membrane <- factor(sample(rep(c("M1", "M2", "M3"), length.out = nrow(d))))
d$y <- round(1 + .1 * (d$diet == "deficient") + .15 * (d$ketamine == "ketamine") + .2 * (d$membrane == "M2") + rnorm(nrow(d), 0, .15), 4)
case("three_by_two_in_blocks", "unbalanced 3 x 2, additive blocks", d, y ~ membrane + diet * ketamine, function(m) {
  grid <- expand.grid(diet = levels(d$diet), ketamine = levels(d$ketamine), membrane = levels(d$membrane))
  at <- function(col, level) as.numeric(grid[[col]] == level)
  list(
    deficient = difference(m, grid, (at("diet", "deficient") - at("diet", "control")) / 6),
    supplemented_at_ketamine = difference(m, grid, (at("diet", "supplemented") - at("diet", "control")) * at("ketamine", "ketamine") / 3)
  )
}, c("diet", "ketamine"))

# 3. unbalanced 2 x 2 x 3
cells <- expand.grid(a = factor(c("a1", "a2")), b = factor(c("b1", "b2")), c = factor(c("c1", "c2", "c3")))
d <- draw(303, cells, c(3, 4, 2, 5, 3, 3, 4, 2, 6, 3, 3, 4))
d$y <- round(10 + (d$a == "a2") * (d$b == "b2") * 2 + as.integer(d$c) + rnorm(nrow(d), 0, 1.5), 3)
case("three_factors", "unbalanced 2 x 2 x 3", d, y ~ a * b * c, function(m) {
  at <- function(col, level) as.numeric(cells[[col]] == level)
  list(
    a = difference(m, cells, (at("a", "a2") - at("a", "a1")) / 6),
    ab = difference(m, cells, (at("a", "a2") - at("a", "a1")) * (at("b", "b2") - at("b", "b1")) / 3),
    a_at_b2_c3 = difference(m, cells, (at("a", "a2") - at("a", "a1")) * at("b", "b2") * at("c", "c3"))
  )
}, c("a", "b", "c"))

# 4. one covariate, 2 x 2; and 5. two factors without interaction, one cell empty
cells <- expand.grid(magnesium = factor(c("control", "mg")), ketamine = factor(c("saline", "ketamine"), c("saline", "ketamine")))
d <- draw(404, cells, c(6, 7, 5, 8))
d$weight <- round(rnorm(nrow(d), 32, 3), 2)
d$y <- round(100 + 1.5 * d$weight - 20 * (d$ketamine == "ketamine") + rnorm(nrow(d), 0, 12), 1)
case("covariate", "2 x 2 with body weight", d, y ~ weight + magnesium * ketamine, function(m) {
  grid <- cbind(cells, weight = mean(d$weight))
  at <- function(col, level) as.numeric(grid[[col]] == level)
  list(ketamine = difference(m, grid, (at("ketamine", "ketamine") - at("ketamine", "saline")) / 2))
}, c("magnesium", "ketamine"))

cells <- expand.grid(a = factor(c("a1", "a2")), b = factor(c("b1", "b2", "b3")))
d <- draw(505, cells, c(4, 3, 5, 4, 3, 0))
d$y <- round(5 + (d$a == "a2") + .5 * as.integer(d$b) + rnorm(nrow(d)), 3)
case("additive", "two factors, no interaction, one cell empty", d, y ~ a + b, function(m) {
  at <- function(col, level) as.numeric(cells[[col]] == level)
  list(a = difference(m, cells, (at("a", "a2") - at("a", "a1")) / 3), b3 = difference(m, cells, (at("b", "b3") - at("b", "b1")) / 2))
}, c("a", "b"))

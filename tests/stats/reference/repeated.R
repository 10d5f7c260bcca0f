# Makes repeated.json: made-up data of fixed seeds, and what R (afex, car, stats) says of them.
# Run in this folder: Rscript repeated.R

suppressPackageStartupMessages({
  library(afex)
  library(jsonlite)
})
options(contrasts = c("contr.sum", "contr.poly"))
tab <- function(a) {
  a <- unclass(a)
  if (is.list(a)) a <- as.data.frame(a, check.names = FALSE)
  cbind(term = rownames(a), as.data.frame(a, check.names = FALSE))
}

case <- function(title, formula, d, between, within) {
  for (name in setdiff(names(d), "y")) d[[name]] <- factor(d[[name]], unique(d[[name]]))
  fit <- function(es) {
    suppressMessages(aov_ez("animal", "y", d, between = between, within = within, anova_table = list(correction = "none", es = es)))
  }
  a <- fit("ges")
  s <- suppressWarnings(summary(a$Anova, multivariate = FALSE))
  out <- list(
    title = title, formula = formula, data = d,
    none = tab(a$anova_table), pes = fit("pes")$anova_table$pes, table = tab(s$univariate.tests)
  )
  if (length(s$sphericity.tests)) out$mauchly <- tab(s$sphericity.tests)
  if (length(s$pval.adjustments)) out$corrected <- tab(s$pval.adjustments)
  if (is.null(between) && length(within) == 1) {
    out$friedman <- friedman.test(d$y, d[[within]], d$animal)[c("statistic", "parameter", "p.value")]
  }
  out
}

cases <- list()
walk <- function(animals, bins, sd) as.vector(apply(matrix(rnorm(animals * bins, 0, sd), bins), 2, cumsum))

set.seed(11)
d <- expand.grid(bin = 1:6, animal = sprintf("K%02d", 1:17))
d$group <- rep(c("saline", "low", "high"), c(6, 7, 4) * 6)
d$y <- round(30 + d$bin * (1 + (d$group == "high")) + walk(17, 6, 2) + rep(rnorm(17, 0, 4), each = 6), 2)
cases$group_by_bin <- case("unbalanced, three groups, six bins", "y ~ group * bin + Error(animal/bin)", d, "group", "bin")

set.seed(12)
d <- expand.grid(region = c("hippocampus", "PFC"), animal = sprintf("K%02d", 1:15))
d$diet <- rep(c("control", "mg"), c(8, 7) * 2)
d$drug <- rep(c("saline", "ketamine")[c(1, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1, 2, 2, 2)], each = 2)
d$y <- round(1 + .2 * (d$region == "PFC") + .3 * (d$drug == "ketamine") + rnorm(30, 0, .2) + rep(rnorm(15, 0, .2), each = 2), 4)
cases$two_between_two_regions <- case("2 x 2 between, unbalanced, two regions", "y ~ diet * drug * region + Error(animal/region)", d, c("diet", "drug"), "region")

set.seed(13)
d <- expand.grid(bin = 1:4, region = c("CA1", "CA3", "DG"), animal = sprintf("K%02d", 1:14))
d$group <- rep(c("saline", "ketamine"), c(8, 6) * 12)
d$y <- round(10 + d$bin + walk(14, 12, 1) + rep(rnorm(14, 0, 2), each = 12), 2)
cases$two_within <- case("bins by regions, two groups", "y ~ group * bin * region + Error(animal/(bin * region))", d, "group", c("bin", "region"))

set.seed(14)
d <- expand.grid(bin = 1:3, animal = sprintf("K%02d", 1:9))
d$y <- round(5 + d$bin + rnorm(27, 0, 1) + rep(rnorm(9), each = 3), 0)
cases$ties <- case("no groups, ties", "y ~ bin + Error(animal/bin)", d, NULL, "bin")

set.seed(15)
d <- expand.grid(bin = 1:8, animal = sprintf("K%02d", 1:6))
d$group <- rep(c("saline", "ketamine"), each = 24)
d$y <- round(20 + d$bin + rnorm(48, 0, 2) + rep(rnorm(6, 0, 2), each = 8), 2)
cases$few_animals <- case("more bins than animals: no Mauchly test", "y ~ group * bin + Error(animal/bin)", d, "group", "bin")

out <- list(software = lapply(c(R = "base", afex = "afex", car = "car"), function(p) as.character(packageVersion(p))), cases = cases)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "repeated.json")

# Makes mixed.json: made-up data of fixed seeds, and what R (lme4, lmerTest, pbkrtest, emmeans) says of them.
# Run in this folder: Rscript mixed.R

suppressPackageStartupMessages({
  library(lmerTest)
  library(pbkrtest)
  library(emmeans)
  library(jsonlite)
})
options(contrasts = c("contr.sum", "contr.poly"))
exact <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-9), check.conv.singular = "ignore")

tab <- function(a) cbind(term = rownames(a), as.data.frame(a))

case <- function(title, d, formula, simple = NULL, types = 3) {
  for (name in setdiff(names(d), c("y", "weight"))) d[[name]] <- factor(d[[name]], unique(d[[name]]))
  r <- suppressMessages(lmer(formula, d, control = exact))
  out <- list(
    title = title, formula = paste(deparse(formula), collapse = ""), data = d,
    kr = tab(anova(r, type = 3, ddf = "Kenward-Roger")), satt = tab(anova(r, type = 3)),
    fixed_kr = tab(coef(summary(r, ddf = "Kenward-Roger"))), fixed_satt = tab(coef(summary(r))),
    varcomp = as.data.frame(VarCorr(r))[, c("grp", "vcov")], singular = isSingular(r),
    reml = as.numeric(logLik(r)), ml = as.numeric(logLik(suppressMessages(refitML(r)))),
    ranova = tab(ranova(r))
  )
  for (type in setdiff(types, 3)) {
    out[[paste0("kr", type)]] <- tab(anova(r, type = type, ddf = "Kenward-Roger"))
    out[[paste0("satt", type)]] <- tab(anova(r, type = type))
  }
  if (!is.null(simple)) out$simple <- as.data.frame(pairs(emmeans(r, simple, lmer.df = "kenward-roger"), adjust = "none"))
  out
}

cases <- list()
level <- function(x, sd) rnorm(length(unique(x)), 0, sd)[as.integer(factor(x, unique(x)))]

set.seed(1)
cage <- rep(sprintf("C%02d", 1:11), c(2, 3, 1, 4, 3, 2, 3, 4, 1, 2, 3))
d <- data.frame(cage, diet = ifelse(as.integer(substr(cage, 2, 3)) <= 6, "control", "mg"))
d$drug <- c("saline", "ketamine")[1 + (seq_along(cage) %% 2)]
d$drug[c(5, 9, 22)] <- "saline"
d$y <- round(140 - 20 * (d$drug == "ketamine") + level(cage, 12) + rnorm(nrow(d), 0, 10), 1)
cases$unbalanced_cages <- case("unbalanced cages", d, y ~ diet * drug + (1 | cage), ~ drug | diet, types = 1:3)

set.seed(2)
d <- expand.grid(animal = 1:3, cage = sprintf("C%02d", 1:8))
d$membrane <- rep(c("M1", "M2", "M3", "M4"), 6)
d$drug <- rep(c("saline", "low", "high"), 8)
d$y <- round(1 + .3 * (d$drug == "high") + level(d$cage, .3) + level(d$membrane, .4) + rnorm(24, 0, .2), 4)
d$animal <- NULL
d <- d[-c(4, 17), ]
cases$crossed <- case("cage and membrane crossed, three levels", d, y ~ drug + (1 | cage) + (1 | membrane), ~ drug)

set.seed(3)
d <- expand.grid(animal = 1:3, cage = 1:2, litter = sprintf("L%d", 1:7))
d$drug <- c("saline", "ketamine")[1 + (as.integer(d$litter) + d$cage) %% 2]
d$diet <- ifelse(as.integer(d$litter) <= 4, "control", "mg")
d$y <- round(50 + 5 * (d$drug == "ketamine") + level(d$litter, 4) + level(paste(d$litter, d$cage), 3) + rnorm(42, 0, 2), 2)
d$animal <- NULL
d <- d[-c(2, 11, 30, 31), ]
cases$nested <- case("cages within litters, unbalanced", d, y ~ diet * drug + (1 | litter / cage), ~ drug | diet)

set.seed(4)
d <- expand.grid(animal = 1:3, cage = sprintf("C%02d", 1:9))
d$dose <- rep(c("0", "5", "10"), each = 9)
d$y <- round(100 - 4 * as.integer(factor(d$dose, c("0", "5", "10"))) + 12 * (d$animal - 2) + rnorm(27, 0, 6), 1)
d$animal <- NULL
d <- d[-c(1, 13), ]
cases$boundary <- case("negative likeness within cages: a boundary fit", d, y ~ dose + (1 | cage), ~ dose)

set.seed(5)
d <- data.frame(cage = rep(sprintf("C%02d", 1:10), each = 3), drug = rep(c("saline", "low", "high"), 10))
d$diet <- rep(c("control", "mg"), each = 15)
d$weight <- round(rnorm(30, 30, 3), 1)
d$y <- round(80 + 2 * d$weight + 9 * (d$drug == "high") * (d$diet == "mg") + level(d$cage, 6) + rnorm(30, 0, 5), 1)
d <- d[-c(3, 8, 9, 20), ]
cases$covariate <- case("covariate, 2 x 3", d, y ~ weight + diet * drug + (1 | cage), ~ drug | diet, types = 1:3)

set.seed(6)
d <- expand.grid(bin = as.character(1:6), animal = sprintf("K%02d", 1:10))
d$group <- ifelse(as.integer(d$animal) <= 5, "saline", "ketamine")
d$y <- round(20 + as.integer(d$bin) - 4 * (d$group == "ketamine") + level(d$animal, 3) + rnorm(60, 0, 2), 2)
d <- d[-c(11, 22, 41, 57), ]
cases$bins_missing <- case("time bins, some missing", d, y ~ group * bin + (1 | animal), ~ group | bin)

set.seed(7)
d <- data.frame(cage = rep(sprintf("C%d", 1:4), each = 4), drug = rep(c("saline", "ketamine"), 8))
d$diet <- rep(c("control", "mg"), each = 8)
d$y <- round(100 + level(d$cage, 10) + rnorm(16, 0, 5), 1)
cases$four_cages <- case("two cages a diet: two degrees of freedom", d, y ~ diet * drug + (1 | cage), ~ drug | diet)

set.seed(8)
d <- expand.grid(drug = c("saline", "low", "high"), membrane = sprintf("M%d", 1:4), cage = sprintf("C%d", 1:4))
d$y <- 10 + level(d$cage, 2) + rnorm(48, 0, 1)
d$y <- round(d$y - ave(d$y, d$membrane), 2)
d <- d[-c(1, 14, 33), ]
cases$one_of_two_at_boundary <- case("membrane at the boundary, cage not", d, y ~ drug + (1 | cage) + (1 | membrane), ~ drug)

set.seed(9)
d <- data.frame(cage = rep(sprintf("C%02d", 1:9), each = 3), diet = rep(c("control", "mg", "low"), each = 9))
d$drug <- rep(c("saline", "ketamine", "saline"), 9)
d <- d[!(d$diet == "low" & d$drug == "ketamine"), ]
d$y <- round(100 + level(d$cage, 5) + rnorm(nrow(d), 0, 5), 1)
cases$cell_missing <- case("no interaction, one cell empty", d, y ~ diet + drug + (1 | cage), ~ diet)

out <- list(software = lapply(c(R = "base", lme4 = "lme4", lmerTest = "lmerTest", pbkrtest = "pbkrtest", emmeans = "emmeans"),
  function(p) as.character(packageVersion(p))), cases = cases)
writeLines(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), "mixed.json")

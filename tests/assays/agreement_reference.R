# Makes agreement_reference.json, the outside reference of tests/assays/test_agreement_reference.py: tables, and what R
# says of them, in full double precision. Run in this folder: Rscript agreement_reference.R (needs psych).
#
# ICC(2,1) is psych::ICC's (mean squares by aov); kappa is psych::cohen.kappa's on bins repeated as often as they weigh.
# The intervals of Bland & Altman (1999) and of the within-scorer SD are in no package at hand and are written out below,
# from t.test, sd and qchisq.

suppressPackageStartupMessages(library(psych))
set.seed(20260)

# ---- ICC(2,1) -------------------------------------------------------------------------------------------------------

# Shrout & Fleiss (1979), table 2.
shrout_fleiss <- matrix(c(9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7), ncol = 4, byrow = TRUE)

true_percent <- runif(20, 5, 90)
icc_tables <- list(
  shrout_fleiss = shrout_fleiss,
  two_raters = round(cbind(true_percent, true_percent + 3 + rnorm(20, 0, 8)), 1),
  three_raters = round(true_percent[1:12] + matrix(rnorm(36, 0, 15), ncol = 3), 2),
  five_raters = round(true_percent[1:8] + outer(rep(1, 8), c(-6, -2, 0, 3, 9)) + matrix(rnorm(40, 0, 5), ncol = 5), 2),
  negative = matrix(c(1, 4, 2, 6, 6, 2, 4, 7, 5, 3, 7, 4), ncol = 2, byrow = TRUE),
  below_minus_one = matrix(c(1, 4, 2, 3, 3, 2.5, 4, 1, 2, 3.5, 3, 1), ncol = 2, byrow = TRUE),
  near_one = round(cbind(true_percent, true_percent + rnorm(20, 0, 0.05)), 3),
  shifted = cbind(1:6 * 10, 1:6 * 10 + c(30, 31, 29, 30, 32, 28)),
  three_trials = matrix(c(10, 14, 40, 37, 71, 80), ncol = 2, byrow = TRUE)
)
icc <- lapply(icc_tables, function(scores) {
  row <- ICC(scores, missing = FALSE, lmer = FALSE)$results["Single_random_raters", ]
  list(scores = scores, value = row$ICC, lower = row[["lower bound"]], upper = row[["upper bound"]])
})

# ---- Bland-Altman, and repeats by one scorer ---------------------------------------------------------------------------

# Bland & Altman (1986), table 1: peak flow of 17 people (l/min), two readings with either meter.
wright_1 <- c(494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
wright_2 <- c(490, 397, 512, 401, 470, 611, 415, 431, 638, 429, 420, 633, 275, 492, 165, 372, 421)
mini_1 <- c(512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
mini_2 <- c(525, 415, 508, 444, 500, 625, 460, 390, 642, 432, 420, 605, 227, 467, 268, 370, 443)
pairs <- list(
  meters = list(first = mini_1, second = wright_1),
  wright = list(first = wright_1, second = wright_2),
  mini = list(first = mini_1, second = mini_2),
  two_pairs = list(first = c(30, 52.5), second = c(31.25, 50)),
  scorers = list(first = round(true_percent, 1), second = round(true_percent + 2 + rnorm(20, 0, 5), 1))
)

limits <- function(first, second) {
  difference <- second - first
  n <- length(difference)
  s <- sd(difference)
  half <- qt(0.975, n - 1) * s * sqrt(1 / n + 1.96^2 / (2 * (n - 1)))
  bias <- t.test(difference)
  edges <- mean(difference) + c(-1.96, 1.96) * s
  list(
    bias = mean(difference), bias_ci95 = as.numeric(bias$conf.int), sd = s,
    lower = edges[1], lower_ci95 = edges[1] + c(-half, half),
    upper = edges[2], upper_ci95 = edges[2] + c(-half, half)
  )
}

# Within-scorer SD as the residual SD of a one-way analysis of variance by trial (Bland & Altman 1996), with the
# interval of a variance of as many degrees of freedom as there are pairs.
repeats <- function(first, second) {
  n <- length(first)
  trial <- factor(rep(seq_len(n), 2))
  residual <- anova(lm(c(first, second) ~ trial))
  within <- sqrt(residual["Residuals", "Mean Sq"])
  interval <- within * sqrt(n / qchisq(c(0.975, 0.025), n))
  position <- seq_len(n)^1.5
  drift <- list(position = position, slope = NULL, slope_ci95 = NULL)
  if (n > 2) {
    line <- lm(I(second - first) ~ position)
    drift <- list(
      position = position, slope = coef(line)[["position"]], slope_ci95 = as.numeric(confint(line)["position", ])
    )
  }
  c(
    list(
      within = within, within_ci95 = interval,
      coefficient = 1.96 * sqrt(2) * within, coefficient_ci95 = 1.96 * sqrt(2) * interval
    ),
    drift
  )
}
bland_altman <- lapply(pairs, function(pair) {
  c(pair, list(limits = limits(pair$first, pair$second), repeats = repeats(pair$first, pair$second)))
})

# ---- Cohen's kappa, weighted by time ------------------------------------------------------------------------------------

names_3 <- c("climbing", "immobile", "swimming")
drawn <- function(n, names, alike) {
  first <- sample(names, n, TRUE)
  second <- ifelse(runif(n) < alike, first, sample(names, n, TRUE))
  list(first = first, second = second, weight = sample(1:9, n, TRUE))
}
# Cohen (1968, Psychol Bull 70:213): proportions of 200 cases by two judges, as weights of the nine cells; he prints .492.
cells <- expand.grid(first = names_3, second = names_3, stringsAsFactors = FALSE)
cohen <- list(first = cells$first, second = cells$second, weight = c(44, 7, 9, 5, 20, 5, 1, 3, 6))
labels <- list(
  two = drawn(120, c("immobile", "other"), 0.7),
  three = drawn(150, names_3, 0.6),
  three_nearly_alike = drawn(150, names_3, 0.97),
  unlike = drawn(60, names_3, 0),
  one_never_uses_a_third = list(
    first = c("climbing", "immobile", "swimming", "immobile", "swimming"),
    second = c("immobile", "immobile", "swimming", "swimming", "swimming"), weight = c(2, 7, 5, 1, 3)
  ),
  cohen = cohen
)
kappas <- lapply(labels, function(one) {
  repeated <- rep(seq_along(one$weight), one$weight)
  c(one, list(kappa = as.numeric(cohen.kappa(cbind(one$first[repeated], one$second[repeated]))$kappa)))
})

# ---- JSON, in full double precision -------------------------------------------------------------------------------------

as_json <- function(x) {
  if (is.null(x)) return("null")
  if (is.list(x)) return(paste0("{", paste0('"', names(x), '": ', vapply(x, as_json, ""), collapse = ",\n"), "}"))
  if (is.matrix(x)) return(paste0("[", paste(apply(unname(x), 1, as_json), collapse = ", "), "]"))
  text <- if (is.character(x)) paste0('"', x, '"') else sprintf("%.17g", x)
  if (length(text) == 1) text else paste0("[", paste(text, collapse = ", "), "]")
}
made_by <- paste0(R.version.string, "; psych ", packageVersion("psych"))
writeLines(
  as_json(list(made_by = made_by, icc = icc, bland_altman = bland_altman, kappa = kappas)), "agreement_reference.json"
)

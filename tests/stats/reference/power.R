# Power of designs other than the balanced 2 x 2: Rscript power.R > power.json
# The noncentrality is the type III sum of squares of data that lie on their cell means (SD 1); R's own pf is off by up to
# 1e-9 at a noncentrality.
library(jsonlite)
options(contrasts = c("contr.sum", "contr.poly"))

designs <- list(
  list(name = "one-way", levels = c(A = 4), sizes = rep(6, 4), means = c(0, 0.4, 1.1, 0.2)),
  list(name = "3x2", levels = c(A = 3, B = 2), sizes = rep(7, 6), means = c(0, 0.5, 1, 1, 0, 2)),
  list(name = "2x4", levels = c(A = 2, B = 4), sizes = rep(5, 8), means = c(0, 0.2, 0.4, 0.1, 0.3, 0.9, 1.5, 0)),
  list(name = "2x2x2", levels = c(A = 2, B = 2, C = 2), sizes = rep(8, 8), means = c(0, 0, 0.5, 0.2, 0.1, 0, 0.3, 1.4)),
  list(name = "2x2 unequal", levels = c(A = 2, B = 2), sizes = c(5, 9, 8, 12), means = c(0, 0.3, 0.5, 1.8)),
  list(name = "3x2 unequal", levels = c(A = 3, B = 2), sizes = c(4, 6, 5, 9, 7, 3), means = c(0, 0.5, 1, 1, 0, 2))
)

power_of <- function(ncp, df, df_error, alpha) {
  pf(qf(1 - alpha, df, df_error), df, df_error, ncp = ncp, lower.tail = FALSE)
}

one <- function(design) {
  names <- names(design$levels)
  cells <- expand.grid(rev(lapply(design$levels, seq_len)))[, rev(seq_along(names)), drop = FALSE]
  names(cells) <- names
  data <- cells[rep(seq_along(design$sizes), design$sizes), , drop = FALSE]
  data[] <- lapply(data, factor)
  data$y <- rep(design$means, design$sizes)
  fit <- lm(as.formula(paste("y ~", paste(names, collapse = " * "))), data)
  rows <- suppressWarnings(drop1(fit, . ~ ., test = "none"))[-1, ]  # the perfect fit is meant
  df_error <- nrow(data) - nrow(cells)
  design$levels <- as.list(design$levels)
  design$effects <- lapply(rownames(rows), function(term) {
    ncp <- rows[term, "Sum of Sq"]
    df <- rows[term, "Df"]
    list(term = term, df = df, df_error = df_error, ncp = ncp,
         power = power_of(ncp, df, df_error, 0.05), power_01 = power_of(ncp, df, df_error, 0.01))
  })
  design
}

cat(toJSON(lapply(designs, one), auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")

# 10,000 re-randomisations of a 2 x 2 (n = 32), all three effects, as a loop: Rscript rerandomization.R ROUNDS
rounds <- as.integer(commandArgs(TRUE)[1])
options(contrasts = c("contr.sum", "contr.poly"))
set.seed(1)
d <- expand.grid(unit = 1:8, a = factor(1:2), b = factor(1:2))
d$y <- rnorm(32)
f <- function(y) anova(lm(y ~ a * b, d))[["F value"]][1:3]
made <- f(d$y)
used <- system.time({
  larger <- c(0, 0, 0)
  for (round in seq_len(rounds)) larger <- larger + (f(sample(d$y)) >= made - 1e-9)
})
cat(used[["user.self"]] + used[["sys.self"]], (larger + 1) / (rounds + 1))

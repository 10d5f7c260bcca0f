# The loop that people write: Rscript power_simulation.R EXPERIMENTS. Prints CPU seconds, peak MB and the shares found.
set.seed(1)
experiments <- as.integer(commandArgs(TRUE)[1])
options(contrasts = c("contr.sum", "contr.poly"))
cells <- expand.grid(animal = 1:8, b = factor(1:2), a = factor(1:2))
means <- rep(c(0, 0.3, 0.5, 1.8), each = 8)
found <- c(0, 0, 0)
used <- system.time({
  for (k in seq_len(experiments)) {
    cells$y <- means + rnorm(32)
    found <- found + (anova(lm(y ~ a * b, cells))[1:3, "Pr(>F)"] < 0.05)
  }
})
peak <- as.numeric(sub("[^0-9]*([0-9]+).*", "\\1", grep("VmHWM", readLines("/proc/self/status"), value = TRUE))) / 1024
cat(used[["user.self"]] + used[["sys.self"]], peak, found / experiments, "\n")

# Makes the reference figures of tests/assays/test_agreement.py: made-up scores of a fixed seed, and what R says of them.
# Run in this folder: Rscript agreement.R (needs psych)

library(psych)
set.seed(20)

person <- round(runif(14, 5, 90), 1)
program <- round(pmin(100, pmax(0, person + 3 + rnorm(14, 0, 6))), 1)
write.csv(data.frame(person, program), "totals.csv", row.names = FALSE)

icc <- ICC(cbind(person, program), lmer = FALSE)$results["Single_random_raters", ]

states_1 <- sample(c("immobile", "swimming", "climbing"), 200, TRUE, c(0.5, 0.3, 0.2))
states_2 <- ifelse(runif(200) < 0.75, states_1, sample(c("immobile", "swimming", "climbing"), 200, TRUE))
write.csv(data.frame(first = states_1, second = states_2), "states.csv", row.names = FALSE)

one <- states_1 == "immobile"
two <- states_2 == "immobile"

figures <- c(
  icc = icc$ICC, icc_lower = icc[["lower bound"]], icc_upper = icc[["upper bound"]],
  kappa = cohen.kappa(cbind(states_1, states_2))$kappa,
  mcc = cor(as.numeric(one), as.numeric(two)),
  r = cor(person, program)
)

# Bland & Altman (1986): large and mini Wright peak flow meters, first measurements of 17 people (l/min).
large <- c(494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427)
mini <- c(512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451)
figures <- c(figures, flow_bias = mean(large - mini), flow_sd = sd(large - mini),
             flow_bias_lower = t.test(large - mini)$conf.int[1])

# Several pairs an animal: components of variance by analysis of variance (Bland & Altman 1999, section 5).
difference <- program - person
animal <- factor(rep(1:7, each = 2))
table <- anova(lm(difference ~ animal))[["Mean Sq"]]
figures <- c(figures, repeated_sd = sqrt(max(0, (table[1] - table[2]) / 2) + table[2]))

write.csv(data.frame(figure = names(figures), value = trimws(format(figures, digits = 12))), "figures.csv", row.names = FALSE)

# Writes figures.json: what R makes of quiz.csv and of lsat6, for test_figures_of_r.py.
#
#   cd tests/autograder/reports/r && Rscript figures.R > figures.json
#
# Run with R 4.2.2, psych 2.2.9, psychometric 2.3, Hmisc 4.8.0 and jsonlite from Debian 12.
# quiz.csv: points by student and item, with partial credit and ties; NA is what could not be marked.
# lsat6: five items of section 6 of the Law School Admission Test, 1000 examinees (Bock and Lieberman 1970), in psych.

suppressMessages({library(psych); library(psychometric); library(Hmisc); library(jsonlite)})

share <- function(right) {
  found <- binconf(sum(right), length(right), method = "wilson")
  list(correct = sum(right), students = length(right), value = found[1], low = found[2], high = found[3])
}

item_rest <- function(x, i, counted) {
  complete <- complete.cases(x[, union(counted, i)])
  found <- cor.test(x[complete, i], rowSums(x[complete, setdiff(counted, i), drop = FALSE]))
  list(students = sum(complete), value = unname(found$estimate), low = found$conf.int[1], high = found$conf.int[2])
}

bootstrapped <- function(x, statistic) {
  set.seed(1)
  unname(quantile(replicate(20000, statistic(x[sample(nrow(x), replace = TRUE), ])), c(0.025, 0.975)))
}

raw_alpha <- function(x) ncol(x) / (ncol(x) - 1) * (1 - sum(apply(x, 2, var)) / var(rowSums(x)))
standard_error <- function(x) sd(rowSums(x)) * sqrt(1 - raw_alpha(x))

figures <- function(x, full, counted = seq_along(full), replicates = TRUE) {
  complete <- x[complete.cases(x[, counted]), counted]
  of_psych <- psych::alpha(as.data.frame(complete), warnings = FALSE)
  feldt <- alpha.CI(of_psych$total$raw_alpha, k = ncol(complete), N = nrow(complete), level = 0.95)
  list(
    full = full,
    counted = counted,
    difficulty = lapply(seq_along(full), function(i) share(na.omit(x[, i]) == full[i])),
    discrimination = lapply(seq_along(full), function(i) item_rest(x, i, counted)),
    r_drop = of_psych$item.stats$r.drop,
    students = nrow(complete),
    alpha = of_psych$total$raw_alpha,
    alpha_feldt = c(feldt$LCL, feldt$UCL),
    alpha_bootstrap = bootstrapped(complete, raw_alpha),
    error = SE.Meas(sd(rowSums(complete)), of_psych$total$raw_alpha),
    error_bootstrap = bootstrapped(complete, standard_error)
  )
}

quiz <- as.matrix(read.csv("quiz.csv"))
points <- c(1, 2, 4, 3, 2, 5)
found <- list(
  quiz = figures(quiz, points),
  quiz_without_item3 = figures(quiz, points, counted = c(1, 2, 4, 5, 6)),
  lsat6 = figures(as.matrix(lsat6), rep(1, 5))
)
cat(toJSON(found, auto_unbox = TRUE, digits = 10, pretty = 1), "\n")

# One run of mixsqp: mixsqp.R TASK FOLDER OUTPUT, as peer.py. `mixsqp` has the package's defaults but for the tolerance, which is the
# certificate's, and for eps, 1e-12 in place of 1e-8: what it adds to densities is otherwise seen in the certificate where a component is rare.
# `mixsqp_full` also goes without the low-rank approximation (tol.svd = 0).
arguments <- commandArgs(trailingOnly = TRUE)
task <- arguments[1]
folder <- arguments[2]
if (!requireNamespace("mixsqp", quietly = TRUE)) {
  message("R has no package mixsqp: install.packages('mixsqp'), on Debian r-cran-mixsqp")
  quit(status = 3)
}
sizes <- paste(readLines(file.path(folder, "sizes.json"), warn = FALSE), collapse = " ")
size <- function(name) as.integer(sub(paste0(".*\"", name, "\": *([0-9]+).*"), "\\1", sizes))
records <- size("records")
components <- size("components")
values <- readBin(file.path(folder, "log-likelihood.f64"), "double", records * components)
table <- matrix(values, records, components, byrow = TRUE)
rm(values)
invisible(gc())
control <- list(convtol.sqp = 1e-6, eps = 1e-12, verbose = FALSE)
if (task == "mixsqp_full") control$tol.svd <- 0
start <- proc.time()
fit <- mixsqp::mixsqp(table, log = TRUE, control = control)
used <- proc.time() - start
writeBin(as.double(fit$x), arguments[3])
status <- grep("^VmHWM", readLines("/proc/self/status"), value = TRUE)
peak <- as.numeric(gsub("[^0-9]", "", status)) / 1024
steps <- nrow(fit$progress)
value <- with(list(highest = apply(table, 1, max)), mean(log(exp(table - highest) %*% fit$x) + highest))
cat(sprintf(
  '{"seconds": %.4f, "processor": %.4f, "peakMb": %.1f, "value": %.12g, "note": "%d SQP steps, %s"}\n',
  used[["elapsed"]], used[["user.self"]] + used[["sys.self"]], peak, value, steps, fit$status
))

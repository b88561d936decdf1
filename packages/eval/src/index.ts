export type {
  Arm,
  ArmAnswer,
  ArmPrompt,
  ArmQuestion,
  ArmScoring,
  ArmSetting,
  ArmSlot,
  ShownRecord,
} from './arms/arm.ts'
export type { AttrPromptOptions } from './arms/attr-prompt.ts'
export { attrPrompt } from './arms/attr-prompt.ts'
export { bare } from './arms/bare.ts'
export { exemplarsOnly } from './arms/exemplars-only.ts'
export { fewShot } from './arms/few-shot.ts'
export type { MixtureArmOptions } from './arms/mixture-arm.ts'
export { mixtureArm } from './arms/mixture-arm.ts'
export { armNames, armsNamed } from './arms/named-arms.ts'
export type { PersonaOnlyOptions } from './arms/persona-only.ts'
export { noExemplars, personaOnly } from './arms/persona-only.ts'
export type { PicleOptions } from './arms/picle.ts'
export { picle } from './arms/picle.ts'
export type { ProGenOptions } from './arms/pro-gen.ts'
export { proGen } from './arms/pro-gen.ts'
export type { PromptArmOptions } from './arms/prompt-arm.ts'
export { promptArm } from './arms/prompt-arm.ts'
export type { RandomPersonasOptions } from './arms/random-personas.ts'
export { randomPersonas } from './arms/random-personas.ts'
export { zeroGen } from './arms/zero-gen.ts'
export type { AnsweredQuestion, BrierScore } from './choice/brier-score.ts'
export { brierScore } from './choice/brier-score.ts'
export type { Calibration, CalibrationBin } from './choice/calibration.ts'
export { calibration } from './choice/calibration.ts'
export {
  brierMetric,
  calibrationMetric,
  jensenShannonMetric,
  logScoreMetric,
  representativenessMetric,
  totalVariationMetric,
  varianceRatioMetric,
  type WassersteinMetricOptions,
  wassersteinMetric,
} from './choice/choice-metrics.ts'
export { choiceOfAnswer } from './choice/choice-of-answer.ts'
export type { ChoiceSample } from './choice/choice-sample.ts'
export { choiceCounts } from './choice/choice-sample.ts'
export { jensenShannon } from './choice/jensen-shannon.ts'
export { logScore } from './choice/log-score.ts'
export { representativeness } from './choice/representativeness.ts'
export { totalVariation } from './choice/total-variation.ts'
export { varianceRatio } from './choice/variance-ratio.ts'
export { normalisedWasserstein, wasserstein } from './choice/wasserstein.ts'
export type { ClassificationScores } from './downstream/classification-scores.ts'
export { classificationScores } from './downstream/classification-scores.ts'
export type { DownstreamClassification } from './downstream/downstream-classification.ts'
export { downstreamClassification } from './downstream/downstream-classification.ts'
export { downstreamAccuracyMetric, downstreamF1Metric } from './downstream/downstream-metrics.ts'
export type { LabelledEmbeddings } from './downstream/labelled-embeddings.ts'
export type { DivergenceFrontier, FrontierOptions } from './embedding/divergence-frontier.ts'
export { divergenceFrontier } from './embedding/divergence-frontier.ts'
export type { Embeddings } from './embedding/embeddings.ts'
export { embeddingsOf } from './embedding/embeddings.ts'
export type { MauveMetricOptions, NearestCosineMetricOptions } from './embedding/embedding-metrics.ts'
export {
  energyMetric,
  fidMetric,
  klCosineMetric,
  mauveMetric,
  mmdMetric,
  nearestCosineMetric,
  vendiMetric,
} from './embedding/embedding-metrics.ts'
export type { EnergyOptions } from './embedding/energy-distance.ts'
export { energyDistance } from './embedding/energy-distance.ts'
export type { EmbeddingGaussian } from './embedding/frechet-distance.ts'
export { embeddingGaussian, frechetDistance, gaussianDistance } from './embedding/frechet-distance.ts'
export type { KlCosineOptions } from './embedding/kl-cosine.ts'
export { klCosine } from './embedding/kl-cosine.ts'
export type { MauveOptions, MauveResult, MauveScores } from './embedding/mauve.ts'
export { mauve, mauveOfCounts } from './embedding/mauve.ts'
export type { DiscrepancyOptions, PairEstimator } from './embedding/maximum-mean-discrepancy.ts'
export { maximumMeanDiscrepancy, medianDistance } from './embedding/maximum-mean-discrepancy.ts'
export type { NearestCosines } from './embedding/nearest-cosines.ts'
export { nearestCosines } from './embedding/nearest-cosines.ts'
export type { Quantisation, QuantiseOptions } from './embedding/quantise-embeddings.ts'
export { quantiseEmbeddings } from './embedding/quantise-embeddings.ts'
export type { VendiOptions } from './embedding/vendi-score.ts'
export { vendiScore } from './embedding/vendi-score.ts'
export type { SplitLeak } from './errors/split-leak-error.ts'
export { SplitLeakError } from './errors/split-leak-error.ts'
export type { ArmRow } from './evaluate/arm-row.ts'
export type { EvaluateArmsOptions } from './evaluate/evaluate-arms.ts'
export { evaluateArms } from './evaluate/evaluate-arms.ts'
export type {
  ArmReport,
  EvaluationReport,
  ReportedFigure,
  ReportedLikelihoods,
  ReportedPart,
} from './evaluate/evaluation-report.ts'
export { evaluationVersion } from './evaluate/evaluation-report.ts'
export type {
  AnswerSeries,
  AnswerShares,
  ArmCalibration,
  CosineSeries,
  CosineShares,
  EmbeddingMap,
  EvaluationPortrait,
  MapSeries,
  MeanWeights,
  PersonaWeight,
} from './evaluate/portrait.ts'
export type { HeldOutOptions } from './evaluate/plan-held-out.ts'
export type { HonestSplit, HonestSplitOptions } from './evaluate/honest-split.ts'
export { honestSplit } from './evaluate/honest-split.ts'
export type { LogLikelihood } from './likelihood/log-likelihood.ts'
export { logLikelihood } from './likelihood/log-likelihood.ts'
export type { LogLikelihoodMetricOptions } from './likelihood/log-likelihood-metric.ts'
export { logLikelihoodMetric } from './likelihood/log-likelihood-metric.ts'
export type { ScoredResponses } from './likelihood/scored-responses.ts'
export type { SoftmaxRegressionOptions } from './numeric/softmax-regression.ts'
export type { AblatedFigure, AblationLoss } from './report/ablation-losses.ts'
export { ablationFindings, ablationLosses } from './report/ablation-losses.ts'
export type { Standing } from './report/best-figure.ts'
export { bestFigure, isOpen, standings } from './report/best-figure.ts'
export type { LikelihoodGain } from './report/likelihood-gains.ts'
export { likelihoodGains } from './report/likelihood-gains.ts'
export type { ReportHtmlOptions } from './report/report-html.ts'
export { partRemarks } from './report/part-remarks.ts'
export { reportHtml } from './report/report-html.ts'
export type { MeasureOptions, SampleUnits } from './result/measure.ts'
export { measure } from './result/measure.ts'
export type { GroupedResult, SampleGroups } from './result/measure-by-group.ts'
export { measureByGroup } from './result/measure-by-group.ts'
export type { Better, Comparison, Metric } from './result/metric.ts'
export type {
  BootstrapInterval,
  MetricFloor,
  MetricResult,
  MetricSpread,
  Sizes,
} from './result/metric-result.ts'
export type { PairedDifference } from './result/paired-difference.ts'
export { pairedDifference } from './result/paired-difference.ts'
export type { ResampleWeights } from './result/resample-weights.ts'
export type { DistinctOptions } from './text/distinct-n.ts'
export { distinctN } from './text/distinct-n.ts'
export type { MeanShift } from './text/mean-shift.ts'
export { lengthShift, meanShift, valenceShift } from './text/mean-shift.ts'
export type { NearCopies, NearCopyOptions } from './text/near-copies.ts'
export { nearCopies } from './text/near-copies.ts'
export type { SelfBleuOptions } from './text/self-bleu.ts'
export { selfBleu } from './text/self-bleu.ts'
export type { NearCopyMetricOptions } from './text/text-metrics.ts'
export {
  distinctMetric,
  lengthShiftMetric,
  nearCopyMetric,
  selfBleuMetric,
  valenceShiftMetric,
} from './text/text-metrics.ts'

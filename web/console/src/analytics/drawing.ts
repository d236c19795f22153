// How the dashboard's charts are drawn, and the same figures as rows of a table; pure.
import type { Language } from "../language/language";
import { partLabel, seconds, share, type Dashboard } from "./analytics";
import type { Options, Palette } from "./charts";

export interface Drawing {
  title: string;
  about: string;
  build: (colours: Palette) => Options;
  head: string[];
  rows: (string | number)[][];
}

/** How many conversations began, and who had them. */
export function conversationsChart(board: Dashboard, language: Language): Drawing {
  const { t } = language;
  const labels = board.parts.map((one) => partLabel(one.label, board.step));
  const of = (name: string): number[] => board.parts.map((one) => one.counts[name] ?? 0);
  const names = [t("figures.series.bot"), t("figures.series.human")];
  return {
    title: t("figures.chart.conversations"),
    about: t("figures.chart.pick"),
    head: [t("figures.chart.time"), ...names, t("figures.conversations")],
    rows: labels.map((label, at) => [label, of("bot_only")[at]!, of("handed_off")[at]!, of("all")[at]!]),
    build: (colours) => ({
      ...frame(colours, labels),
      color: [colours.first, colours.second],
      yAxis: [axis(colours, { minInterval: 1 })],
      series: [
        { type: "bar", name: names[0], stack: "all", data: of("bot_only"), barMaxWidth: 36, cursor: "pointer" },
        { type: "bar", name: names[1], stack: "all", data: of("handed_off"), barMaxWidth: 36, cursor: "pointer", itemStyle: { borderRadius: [3, 3, 0, 0] } },
      ],
    }),
  };
}

/** How quickly humans answered, and how much the bot settled. */
export function repliesChart(board: Dashboard, language: Language): Drawing {
  const { t } = language;
  const labels = board.parts.map((one) => partLabel(one.label, board.step));
  const medians = board.parts.map((one) => one.first_reply_median);
  const settled = board.parts.map(({ counts }) => (counts["bot_decided"] ? (counts["bot_resolved"] ?? 0) / counts["bot_decided"] : null));
  const names = [t("figures.first_reply_median"), t("figures.bot_resolved")];
  return {
    title: t("figures.chart.quality"),
    about: t("figures.chart.quality.about", { target: seconds(board.reply_seconds, language) }),
    head: [t("figures.chart.time"), ...names],
    rows: labels.map((label, at) => [label, medians[at] === null ? "–" : seconds(medians[at]!, language), settled[at] === null ? "–" : share(settled[at]!)]),
    build: (colours) => ({
      ...frame(colours, labels, (value, series) => (series === 0 ? seconds(value, language) : share(value))),
      color: [colours.second, colours.first],
      yAxis: [
        axis(colours, { axisLabel: { color: colours.faint, formatter: (value: number) => seconds(value, language) }, max: (range: { max: number }) => Math.max(range.max, board.reply_seconds) }),
        axis(colours, { min: 0, max: 1, splitLine: { show: false }, axisLabel: { color: colours.faint, formatter: (value: number) => `${Math.round(100 * value)}%` } }),
      ],
      series: [
        { type: "line", name: names[0], data: medians, symbol: "circle", symbolSize: 7, lineStyle: { width: 2 }, cursor: "pointer" },
        { type: "line", name: names[1], yAxisIndex: 1, data: settled, symbol: "rect", symbolSize: 7, lineStyle: { width: 2, type: "dashed" }, cursor: "pointer" },
      ],
    }),
  };
}

/** Words in tooltips are drawn, not written as HTML. */
function frame(colours: Palette, labels: string[], say?: (value: number, series: number) => string): Options {
  return {
    textStyle: { fontFamily: colours.font, color: colours.ink },
    grid: { left: 4, right: 4, top: 38, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, itemWidth: 14, itemHeight: 9, textStyle: { color: colours.ink } },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colours.panel,
      borderColor: colours.line,
      textStyle: { color: colours.ink, fontFamily: colours.font },
      axisPointer: { type: "shadow", shadowStyle: { color: colours.line, opacity: 0.4 } },
      ...(say
        ? {
            formatter: (points: { axisValueLabel: string; seriesIndex: number; seriesName: string; value: number | null }[]) =>
              [points[0]?.axisValueLabel ?? "", ...points.map((one) => `${one.seriesName}  ${one.value === null || one.value === undefined ? "–" : say(one.value, one.seriesIndex)}`)].join("\n"),
          }
        : {}),
    },
    xAxis: { type: "category", data: labels, axisTick: { show: false }, axisLine: { lineStyle: { color: colours.line } }, axisLabel: { color: colours.faint, hideOverlap: true } },
  };
}

function axis(colours: Palette, more: object): object {
  return { type: "value", axisLabel: { color: colours.faint }, splitLine: { lineStyle: { color: colours.line } }, ...more };
}

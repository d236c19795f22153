// The parts of ECharts that the dashboard draws with, and the colours they take from the page's theme.
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use, type EChartsCoreOption, type EChartsType } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export type { EChartsType };
export type Options = EChartsCoreOption;

/** Told apart without red and green, and by their lightness. */
export interface Palette {
  first: string;
  second: string;
  third: string;
  ink: string;
  faint: string;
  line: string;
  panel: string;
  font: string;
}

export function palette(dark: boolean): Palette {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string): string => style.getPropertyValue(name).trim();
  return {
    first: dark ? "#4db3a9" : "#1d7f79",
    second: dark ? "#f0b45c" : "#e08a1e",
    third: dark ? "#8fb4ef" : "#3566a8",
    ink: of("--ink-2"),
    faint: of("--ink-3"),
    line: of("--line"),
    panel: of("--raised"),
    font: of("--font"),
  };
}

export function draw(element: HTMLElement): EChartsType {
  return init(element, null, { renderer: "canvas" });
}

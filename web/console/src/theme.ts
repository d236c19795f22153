// Naive UI's colours, taken from the same palette as styles.css.
import type { GlobalThemeOverrides } from "naive-ui";

const SHAPE = { fontFamily: "var(--font)", fontSize: "14px", borderRadius: "7px", borderRadiusSmall: "5px", lineHeight: "1.6" };

export const LIGHT: GlobalThemeOverrides = {
  common: {
    ...SHAPE,
    primaryColor: "#12706b",
    primaryColorHover: "#17837d",
    primaryColorPressed: "#0c5a56",
    primaryColorSuppl: "#17837d",
    textColorBase: "#1b2220",
    textColor1: "#1b2220",
    textColor2: "#2c3532",
    textColor3: "#5f6a66",
    placeholderColor: "#5f6a66",
    borderColor: "#d2d7d1",
    dividerColor: "#e4e7e3",
    bodyColor: "#f3f4f2",
    errorColor: "#c0362c",
    errorColorHover: "#cf4a40",
    errorColorPressed: "#a02a22",
    warningColor: "#a35c00",
  },
};

export const DARK: GlobalThemeOverrides = {
  common: {
    ...SHAPE,
    primaryColor: "#4db3a9",
    primaryColorHover: "#66c4ba",
    primaryColorPressed: "#3a9a90",
    primaryColorSuppl: "#3a9a90",
    textColor1: "#e6ebe9",
    textColor2: "#d3dad7",
    textColor3: "#8a9692",
    placeholderColor: "#8a9692",
    bodyColor: "#101413",
    cardColor: "#171c1b",
    modalColor: "#1b2120",
    popoverColor: "#1f2624",
    inputColor: "#1f2624",
    borderColor: "#3a4543",
    dividerColor: "#283130",
    errorColor: "#f0837a",
    warningColor: "#e7a34a",
  },
  // Naive UI draws dark fields without an edge; on a dialog, which has their colour, they would not be seen at all.
  Input: { border: "1px solid #3a4543", borderDisabled: "1px solid #283130" },
  InternalSelection: { border: "1px solid #3a4543", borderDisabled: "1px solid #283130" },
};

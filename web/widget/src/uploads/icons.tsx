/** Line drawings for files. */

const draw = (path: string, size = 20) => (
  <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={path} /></svg>
);

export const Clip = () => draw("M20 11.500 12.300 19.200a5 5 0 0 1-7.100-7.100l8-8a3.400 3.400 0 0 1 4.800 4.800l-8 8a1.700 1.700 0 0 1-2.400-2.400l7.300-7.300");
export const Camera = () => draw("M4 8h3.200L9 5.500h6L16.800 8H20a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1V9a1 1 0 0 1 1-1Zm8 2.200a3.300 3.300 0 1 0 0 6.600 3.300 3.300 0 0 0 0-6.600Z");
export const Gallery = () => draw("M5 5h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1Zm-1 11 4.500-4.500 3.500 3.500 3-3 5 5M15.500 9.500h.01");
export const Paper = () => draw("M6 3.500h8l4 4v13H6v-17Zm8 0v4h4M9 12.500h6M9 16h6");
export const Handset = () => draw("M8 3h8a1.500 1.500 0 0 1 1.500 1.500v15A1.500 1.500 0 0 1 16 21H8a1.500 1.500 0 0 1-1.500-1.500v-15A1.500 1.500 0 0 1 8 3Zm3 15h2");
export const Again = () => draw("M19 12a7 7 0 1 1-2.300-5.200M19 4v4h-4", 18);
export const ZoomIn = () => draw("M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500M11 8v6m-3-3h6");
export const ZoomOut = () => draw("M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4.500 4.500M8 11h6");
export const Save = () => draw("M12 4v11m0 0-4.500-4.500M12 15l4.500-4.500M5 19.500h14");
export const Before = () => draw("M14.500 5 8 12l6.500 7");
export const After = () => draw("M9.500 5 16 12l-6.500 7");

/*
 * pdfmake, as far as papers use it, with the embedded font.
 *
 * Input: document definitions. Output: PDFs. Invariants: no file is read but the fonts, and nothing is fetched; types are
 * written here because those of the package bring a browser's names into the server.
 */
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

type Margin = [number, number, number, number];
interface Style { bold?: boolean; color?: string; fontSize?: number; alignment?: "left" | "right"; margin?: Margin }
interface TextNode extends Style { text: string; colSpan?: number; width?: number | "auto" | "*" }
interface ImageNode extends Style { image: string; fit: [number, number] }
export type Cell = string | TextNode;
export interface TableLayout {
  hLineWidth(line: number, node: { table: { body: unknown[] } }): number;
  vLineWidth(): number;
  paddingLeft(column: number): number;
  paddingRight(): number;
  paddingTop(): number;
  paddingBottom(): number;
}
interface TableNode extends Style {
  layout?: "noBorders" | "lightHorizontalLines" | TableLayout;
  width?: number | "auto" | "*";
  table: { headerRows?: number; keepWithHeaderRows?: number; dontBreakRows?: boolean; widths?: (number | "auto" | "*")[]; body: Cell[][] };
}
interface ColumnsNode extends Style { columnGap?: number; columns: PaperNode[] }
interface StackNode extends Style { width?: number | "auto" | "*"; stack: PaperNode[] }
export type PaperNode = TextNode | ImageNode | TableNode | ColumnsNode | StackNode;

export interface PaperDefinition {
  pageSize: "A4";
  pageMargins: Margin;
  defaultStyle: { font: string; fontSize: number };
  /** BCP 47, for programs that read the paper out. */
  language: string;
  info: { title: string; author: string; creationDate: Date };
  footer: (page: number, pages: number) => PaperNode;
  content: PaperNode[];
}

interface PdfMake {
  setFonts(fonts: object): void;
  setUrlAccessPolicy(policy: (url: string) => boolean): void;
  setLocalAccessPolicy(policy: (path: string) => boolean): void;
  createPdf(definition: PaperDefinition): { getBuffer(): Promise<Buffer> };
}

/** Regular and bold form of the font of all papers. */
export const FONT_FILES = ["DejaVuSansCondensed", "DejaVuSansCondensed-Bold"].map((name) => fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${name}.ttf`)));
export const FONT = "DejaVu";

const pdfmake = createRequire(import.meta.url)("pdfmake") as PdfMake;
pdfmake.setFonts({ [FONT]: { normal: FONT_FILES[0], bold: FONT_FILES[1] } });
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => FONT_FILES.includes(path));

export function makePdf(definition: PaperDefinition): Promise<Buffer> {
  return pdfmake.createPdf(definition).getBuffer();
}

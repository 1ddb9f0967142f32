// A small reader of XLSX, independent of the writer that is tested: the zip's list of files, and the cells of a sheet.
import { inflateRawSync } from "node:zlib";

function filesOf(zip) {
  const files = {};
  let at = zip.readUInt32LE(zip.length - 22 + 16); // where the list begins, by the record at the end
  for (let n = zip.readUInt16LE(zip.length - 22 + 10); n > 0; n -= 1) {
    const [method, packed] = [zip.readUInt16LE(at + 10), zip.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((offset) => zip.readUInt16LE(at + offset));
    const local = zip.readUInt32LE(at + 42);
    const begin = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    const bytes = zip.subarray(begin, begin + packed);
    files[zip.toString("utf8", at + 46, at + 46 + name)] = method === 8 ? inflateRawSync(bytes) : bytes;
    at += 46 + name + extra + comment;
  }
  return files;
}

const entities = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Text of XML as a spreadsheet shows it: _x000D_ is a character's code. */
function textOf(xml) {
  return xml
    .replace(/&(\w+);/g, (_, name) => entities[name])
    .replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
    .replace(/_x([0-9a-f]{4})_/gi, (_, code) => String.fromCharCode(parseInt(code, 16)));
}

const columnOf = (cell) => [...cell.match(/^[A-Z]+/)[0]].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0);

/**
 * The sheets' rows as arrays: text is a string, a number a number, a cell with a date's format {at, format}.
 * Throws if there is a formula, or anything else but text and numbers.
 */
export function parseXlsx(bytes) {
  const files = filesOf(Buffer.from(bytes));
  const read = (name) => files[name].toString("utf8").replace(/\r\n?/g, "\n"); // as XML is read
  const formats = Object.fromEntries(
    [...read("xl/styles.xml").matchAll(/<numFmt numFmtId="(\d+)" formatCode="([^"]*)"/g)].map(([, id, code]) => [
      id,
      code,
    ]),
  );
  const styles = [
    ...read("xl/styles.xml")
      .match(/<cellXfs.*?<\/cellXfs>/s)[0]
      .matchAll(/<xf numFmtId="(\d+)"/g),
  ].map(([, id]) => formats[id]);
  return Object.keys(files)
    .filter((name) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name))
    .sort()
    .map((name) => {
      const xml = read(name);
      if (/<f[ >/]/.test(xml)) throw new Error(`${name} has a formula`);
      const rows = [];
      for (const [, number, cells = ""] of xml.matchAll(/<row r="(\d+)"[^>]*?(?:\/>|>(.*?)<\/row>)/gs)) {
        const row = (rows[number - 1] = []);
        for (const [, attributes, content = ""] of cells.matchAll(/<c ([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
          const [, at] = /r="([A-Z]+\d+)"/.exec(attributes);
          const type = /t="(\w+)"/.exec(attributes)?.[1] ?? "n";
          const format = styles[Number(/s="(\d+)"/.exec(attributes)?.[1] ?? 0)];
          const value = /<(?:v|t)(?: [^>]*)?>(.*?)<\/(?:v|t)>/s.exec(content)?.[1] ?? "";
          if (type !== "n" && type !== "inlineStr") throw new Error(`${at} is of the type ${type}`);
          if (type === "inlineStr") row[columnOf(at) - 1] = textOf(value);
          else if (value !== "")
            row[columnOf(at) - 1] = /y/.test(format ?? "") ? { at: momentOf(Number(value)), format } : Number(value);
        }
      }
      return Array.from(rows, (row) => Array.from(row ?? [], (cell) => cell ?? null));
    });
}

/** A spreadsheet's date, 46343.25, as 2026-11-17 06:00:00: days since 30 December 1899. */
function momentOf(days) {
  const date = new Date(Date.UTC(1899, 11, 30) + Math.round(days * 86_400) * 1000);
  return date.toISOString().slice(0, 19).replace("T", " ");
}

/** The rows of an answer's only sheet as {column: cell}, as csv() has them. */
export async function xlsx(url) {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  const [[head, ...rows], ...others] = parseXlsx(await response.arrayBuffer());
  if (others.length > 0) throw new Error(`${url} has several sheets`);
  return rows.map((row) => Object.fromEntries(head.map((name, n) => [name, row[n] ?? null])));
}

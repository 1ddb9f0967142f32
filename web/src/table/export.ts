// A table as a file: the same rows, in the same order, in each format.
import type { NextRequest } from "next/server";
import type { Reader } from "@/data/read";
import { withErrorResponse } from "@/http/failures";
import { type State, stateOf } from "@/range/state";
import type { Column } from "./columns";
import { byteOrderMark, csvHead, csvRows } from "./csv";
import { csvStream } from "./csv_stream";
import { xlsxStream } from "./xlsx";

const types = {
  csv: "text/csv; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

type Format = keyof typeof types;

export type Export = Readonly<Record<Format, () => Response | Promise<Response>>>;

function file(name: string, format: Format, body: string | ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: {
      "Content-Type": types[format],
      "Content-Disposition": `attachment; filename="${name.replace(/[^\w.-]+/g, "-")}.${format}"`,
      "Cache-Control": "private, no-store",
    },
  });
}

async function* once<Row>(rows: readonly Row[]): AsyncGenerator<readonly Row[], void> {
  yield rows;
}

/** Rows that are in memory already. */
export function exportOf<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Export {
  return {
    csv: () => file(name, "csv", byteOrderMark + csvHead(columns) + csvRows(columns, rows)),
    xlsx: () => file(name, "xlsx", xlsxStream(name, columns, once(rows))),
  };
}

/** The first batch is read before the answer begins, so that a failure can still set the status. */
async function begun<Row>(
  batches: AsyncIterator<readonly Row[], void>,
  reader: Reader,
): Promise<AsyncIterator<readonly Row[], void>> {
  let next = await batches.next();
  reader.hasBegun = true;
  return (async function* () {
    while (!next.done) {
      yield next.value;
      // A failure now ends the connection: a short file must not look complete.
      next = await batches.next().catch((error: unknown) => {
        console.error("an export was cut off:", error instanceof Error ? error.message : error);
        throw error;
      });
    }
  })();
}

/** Any number of rows, read while they are sent. */
export function exportOfBatches<Row>(
  name: string,
  columns: readonly Column<Row>[],
  batches: AsyncIterator<readonly Row[], void>,
  reader: Reader,
): Export {
  return {
    csv: async () => file(name, "csv", csvStream(columns, await begun(batches, reader))),
    xlsx: async () => file(name, "xlsx", xlsxStream(name, columns, await begun(batches, reader))),
  };
}

/** GET of a page's exports in one format. */
export function exportRoute<Parameters>(
  format: Format,
  load: (state: State, parameters: Parameters) => Promise<Export>,
): (request: NextRequest, context: { params: Promise<Parameters> }) => Promise<Response> {
  return withErrorResponse(async (request: NextRequest, { params }: { params: Promise<Parameters> }) => {
    const exported = await load(stateOf(request.nextUrl.searchParams), await params);
    return exported[format]();
  });
}

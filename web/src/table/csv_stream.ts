import type { Reader } from "@/data/read";
import type { Column } from "./columns";
import { byteOrderMark, csvHead, csvResponse, csvRows } from "./csv";

/** An export of any number of rows; one batch is in memory at a time. */
export async function csvStream<Row>(
  name: string,
  columns: readonly Column<Row>[],
  batches: AsyncIterator<readonly Row[], void>,
  reader: Reader,
): Promise<Response> {
  // The first batch is read before the answer begins, so that a failure can still set the status.
  let next = await batches.next();
  reader.hasBegun = true;
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + csvHead(columns))),
    pull: async (controller) => {
      if (next.done) {
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(csvRows(columns, next.value)));
      // A failure now ends the connection: a short file must not look complete.
      next = await batches.next().catch((error: unknown) => {
        console.error("an export was cut off:", error instanceof Error ? error.message : error);
        throw error;
      });
    },
  });
  return csvResponse(name, body);
}

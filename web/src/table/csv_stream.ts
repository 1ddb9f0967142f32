import type { Column } from "./columns";
import { byteOrderMark, csvHead, csvRows } from "./csv";

/** Any number of rows as CSV; one batch is in memory at a time. */
export function csvStream<Row>(
  columns: readonly Column<Row>[],
  batches: AsyncIterator<readonly Row[], void>,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + csvHead(columns))),
    pull: async (controller) => {
      const next = await batches.next();
      if (next.done) controller.close();
      else controller.enqueue(encoder.encode(csvRows(columns, next.value)));
    },
  });
}

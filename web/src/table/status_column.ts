import { personStatusName } from "@/components/codes";
import type { Column } from "./columns";

/** Whether a person is a member: all others are marked. */
export function statusColumn<Row>(status: (row: Row) => string | null): Column<Row> {
  return {
    key: "status",
    label: "Status",
    value: status,
    show: (row) => {
      const is = status(row);
      return is === "Joined" ? is : { text: personStatusName(is), tag: is === "Removed" ? "removed" : "other" };
    },
  };
}

import { exportRoute } from "@/table/export";
import { exportEntries } from "../export";

export const GET = exportRoute("csv", exportEntries);

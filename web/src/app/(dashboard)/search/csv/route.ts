import { exportRoute } from "@/table/export";
import { exportSearch } from "../export";

export const GET = exportRoute("csv", exportSearch);

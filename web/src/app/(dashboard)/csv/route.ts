import { exportRoute } from "@/table/export";
import { exportOverview } from "../export";

export const GET = exportRoute("csv", exportOverview);

import { exportRoute } from "@/table/export";
import { exportCorrections } from "../export";

export const GET = exportRoute("csv", exportCorrections);

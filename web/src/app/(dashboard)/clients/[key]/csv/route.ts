import { exportRoute } from "@/table/export";
import { exportClient } from "../export";

export const GET = exportRoute("csv", exportClient);

import { exportRoute } from "@/table/export";
import { exportClient } from "../export";

export const GET = exportRoute("xlsx", exportClient);

import { exportRoute } from "@/table/export";
import { exportUsual } from "../export";

export const GET = exportRoute("xlsx", exportUsual);

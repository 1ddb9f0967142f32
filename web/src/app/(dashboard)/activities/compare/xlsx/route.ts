import { exportRoute } from "@/table/export";
import { exportComparison } from "../export";

export const GET = exportRoute("xlsx", exportComparison);

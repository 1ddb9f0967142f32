import { exportRoute } from "@/table/export";
import { exportChanges } from "../export";

export const GET = exportRoute("xlsx", exportChanges);

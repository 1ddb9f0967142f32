import { exportRoute } from "@/table/export";
import { exportDigests } from "../export";

export const GET = exportRoute("csv", exportDigests);

import { exportRoute } from "@/table/export";
import { exportDigests } from "../export";

export const GET = exportRoute("xlsx", exportDigests);

"""Required agents: queueing for inbound, throughput for outbound, deadlines for deferrable work."""

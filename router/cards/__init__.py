"""The card that goes along with a hand-off (可见交接卡): made from the log, edited by the customer, read by agents."""

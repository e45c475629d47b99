"""Has much else that nobody asked for."""
import numpy as np


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def max_pool(x, k):
    r, c = x.shape[0] // k, x.shape[1] // k
    return x[: r * k, : c * k].reshape(r, k, c, k).max(axis=(1, 3))


def helper_0(a, b=0):
    return a * b


def helper_1(a, b=1):
    return a * b


def helper_2(a, b=2):
    return a * b


def helper_3(a, b=3):
    return a * b


def helper_4(a, b=4):
    return a * b


def helper_5(a, b=5):
    return a * b


def helper_6(a, b=6):
    return a * b


def helper_7(a, b=7):
    return a * b


def helper_8(a, b=8):
    return a * b


def helper_9(a, b=9):
    return a * b


def helper_10(a, b=10):
    return a * b


def helper_11(a, b=11):
    return a * b


def helper_12(a, b=12):
    return a * b


def helper_13(a, b=13):
    return a * b


def helper_14(a, b=14):
    return a * b


def helper_15(a, b=15):
    return a * b


def helper_16(a, b=16):
    return a * b


def helper_17(a, b=17):
    return a * b


def helper_18(a, b=18):
    return a * b


def helper_19(a, b=19):
    return a * b


def helper_20(a, b=20):
    return a * b


def helper_21(a, b=21):
    return a * b


def helper_22(a, b=22):
    return a * b


def helper_23(a, b=23):
    return a * b


def helper_24(a, b=24):
    return a * b


def helper_25(a, b=25):
    return a * b


def helper_26(a, b=26):
    return a * b


def helper_27(a, b=27):
    return a * b


def helper_28(a, b=28):
    return a * b


def helper_29(a, b=29):
    return a * b


def helper_30(a, b=30):
    return a * b


def helper_31(a, b=31):
    return a * b


def helper_32(a, b=32):
    return a * b


def helper_33(a, b=33):
    return a * b


def helper_34(a, b=34):
    return a * b


def helper_35(a, b=35):
    return a * b


def helper_36(a, b=36):
    return a * b


def helper_37(a, b=37):
    return a * b


def helper_38(a, b=38):
    return a * b


def helper_39(a, b=39):
    return a * b


def helper_40(a, b=40):
    return a * b


def helper_41(a, b=41):
    return a * b


def helper_42(a, b=42):
    return a * b


def helper_43(a, b=43):
    return a * b


def helper_44(a, b=44):
    return a * b


def helper_45(a, b=45):
    return a * b


def helper_46(a, b=46):
    return a * b


def helper_47(a, b=47):
    return a * b


def helper_48(a, b=48):
    return a * b


def helper_49(a, b=49):
    return a * b


def helper_50(a, b=50):
    return a * b


def helper_51(a, b=51):
    return a * b


def helper_52(a, b=52):
    return a * b


def helper_53(a, b=53):
    return a * b


def helper_54(a, b=54):
    return a * b


def helper_55(a, b=55):
    return a * b


def helper_56(a, b=56):
    return a * b


def helper_57(a, b=57):
    return a * b


def helper_58(a, b=58):
    return a * b


def helper_59(a, b=59):
    return a * b
